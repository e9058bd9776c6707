"""The drill finds what it looks for: an answer that was acknowledged and isn't there, and one that is there twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assessment.access import Principal, Role
from assessment.actions.answering import save_answer
from assessment.actions.desk import Desk
from assessment.questionnaire.catalogue import Catalogue
from assessment.store.assessments import read_assessments
from assessment.store.engine import Store
from tests.benchmarks.conversation import Person
from tests.benchmarks.crowd import prepare
from tests.drill.__main__ import judged
from tests.drill.people import Somebody

QUESTION = "dgm-exec-sponsor"
#: When the process was killed, on the clock of these people.
KILLED_AT = 10.0


@pytest.fixture
def prepared(opened: Callable[[str], Store], tmp_path: Path) -> tuple[Store, str]:
    """The drill's own workspace, and a domain in it."""
    store = opened(f"sqlite:///{tmp_path / 'drill.db'}")
    organisation = prepare(store, 1)
    return store, next(unit.id for unit in organisation.units.values() if unit.domain_family)


def people(unit_id: str) -> list[Somebody]:
    """Somebody whose process was killed, who chose level 3 and was told that it is saved; and somebody who only looked on."""
    cut_off = Somebody(
        Person(unit_id, ""), {}, [0.0, 5.0], [11.0], [KILLED_AT], clicks=1, said={QUESTION: ["3"]}
    )
    return [cut_off, Somebody(Person(unit_id, ""), {}, [0.0])]


def save(store: Store, catalogue: Catalogue, unit_id: str, version: int) -> None:
    with store.read() as connection:
        (assessment,) = read_assessments(connection, [unit_id])
    principal = Principal("p-1", Role.DOMAIN_OWNER, unit_id)
    desk = Desk(store, catalogue, principal, "s", datetime.now(UTC))
    save_answer(
        desk, assessment.id, QUESTION, {"state": "answered", "value": "3"}, expected_version=version,
        idempotency_key=f"k{version}",
    )  # fmt: skip


def test_an_acknowledged_answer_that_is_not_there_is_lost_and_one_that_is_there_twice_doubled(
    prepared: tuple[Store, str], catalogue: Catalogue, capsys: pytest.CaptureFixture[str]
) -> None:
    store, unit_id = prepared
    assert judged(store, people(unit_id), KILLED_AT) == 1
    assert "lost 1, doubled 0, dropped without a word 0, problems 0" in capsys.readouterr().out
    save(store, catalogue, unit_id, 0)
    assert judged(store, people(unit_id), KILLED_AT) == 0
    assert "lost 0, doubled 0, dropped without a word 0, problems 0" in capsys.readouterr().out
    save(store, catalogue, unit_id, 1)
    assert judged(store, people(unit_id), KILLED_AT) == 1
    assert "lost 0, doubled 1, dropped without a word 0, problems 0" in capsys.readouterr().out


def test_a_kill_that_nobody_felt_proves_nothing(prepared: tuple[Store, str]) -> None:
    store, unit_id = prepared
    _, looked_on = people(unit_id)
    assert judged(store, [looked_on], KILLED_AT) == 1


def test_a_click_that_is_dropped_without_a_word_fails_it(
    prepared: tuple[Store, str], catalogue: Catalogue, capsys: pytest.CaptureFixture[str]
) -> None:
    store, unit_id = prepared
    save(store, catalogue, unit_id, 0)
    cut_off, looked_on = people(unit_id)
    # One click may have been under way when the connection was lost; of the second nobody was told anything.
    assert judged(store, [replace(cut_off, clicks=2), looked_on], KILLED_AT) == 0
    assert judged(store, [replace(cut_off, clicks=3), looked_on], KILLED_AT) == 1
    assert "dropped without a word 1" in capsys.readouterr().out
    assert judged(store, [replace(cut_off, clicks=3, refused=1), looked_on], KILLED_AT) == 0
