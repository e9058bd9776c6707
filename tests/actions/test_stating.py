"""What is said beside the answers is kept as answers are: whose it is, once, with its history, and never over another's."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from assessment.access import Principal, Scope
from assessment.actions.stating import state
from assessment.errors import AssessmentError, NotAllowed, ResponseError
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.companions import Element, ElementKind, Fact, FactType, Principle
from assessment.scoring.table import score_table
from assessment.statements import StatementKind
from assessment.store.scoring_input import read_scoring_input
from assessment.store.statements import About, read_facts, read_requests, read_statements
from tests.conftest import SmallWorkspace
from tests.store import small
from tests.store.journeys import accepted, answer_all, close, say

_FACTS = [
    ("domains", FactType.NUMBER),
    ("regulated", FactType.SHARE),
    ("law", FactType.YES_NO),
    ("note", FactType.TEXT),
]
DUE = "2026-12-31"


@pytest.fixture
def told(workspace: SmallWorkspace, catalogue: Catalogue) -> SmallWorkspace:
    """The small workspace, whose catalogue has facts, an element, a principle, and the rules for verdicts."""
    facts = tuple(
        Fact(id=name, prompt=f"{name}?", unit_kinds=("country",), type=kind) for name, kind in _FACTS
    )
    element = Element(id="customer", kind=ElementKind.TERM, title="Customer", summary="Who buys.")
    principle = Principle(
        id="owners", title="Owners", summary="Each set has one.", if_skipped="Nobody answers."
    )
    fuller = replace(
        workspace.catalogue,
        facts=facts,
        elements=(element,),
        principles=(principle,),
        verdicts=catalogue.verdicts,
    )
    return replace(workspace, catalogue=fuller)


def about(kind: str, subject: str, unit: str = "FR", round_id: str = small.ROUND) -> About:
    return About(StatementKind(kind), round_id, unit, subject)


#: Something that each kind can say, by whom.
SAID: dict[str, tuple[str, Any, dict[str, Any]]] = {
    "fact": ("domains", small.FRANCE, {"value": 3}),
    "element": ("customer", small.FRANCE, {"use": "law", "reason": "Tax law"}),
    "principle": ("owners", small.FRANCE, {"position": "delayed", "reason": "Later", "review_on": DUE}),
    "move": ("governance:shared", small.FRANCE, {"state": "under_way", "owner": "Fay", "due_on": DUE}),
    "remark": ("governance:shared", small.REVIEWER, {"text": "Where is it written?"}),
    "verified": ("governance:shared", small.REVIEWER, {"kind": "record"}),
    "request": ("governance:shared", small.FRANCE, {"to_unit": "FR.sales", "due_on": DUE}),
    "decision": ("governance:shared", small.CDAO, {"waived": True, "reason": "Small", "expires_on": DUE}),
}  # fmt: skip


def test_every_kind_is_tried_here() -> None:
    assert set(SAID) == set(StatementKind)


@pytest.mark.parametrize("kind", SAID)
def test_what_was_said_is_read_back_with_its_history(told: SmallWorkspace, kind: str) -> None:
    subject, somebody, content = SAID[kind]
    first = say(told, about(kind, subject), somebody, **content)
    second = say(told, about(kind, subject), somebody, 1, **content)
    with told.store.read() as connection:
        assert read_statements(connection, ["FR"], [StatementKind(kind)]) == (second,)
        assert read_statements(connection, ["DE"], [StatementKind(kind)]) == ()
    assert (first.version, second.version, second.content) == (1, 2, first.content)
    events = small.rows_of(told.store, "SELECT version, person, content FROM statement_events ORDER BY id")
    assert [(event["version"], event["person"]) for event in events] == [
        (1, somebody.person),
        (2, somebody.person),
    ]
    assert content.items() <= json.loads(events[0]["content"]).items()


@pytest.mark.parametrize("kind", SAID)
def test_each_kind_is_said_by_those_whose_it_is(told: SmallWorkspace, kind: str) -> None:
    subject, speaker, content = SAID[kind]
    before = small.everything(told.store)
    for somebody in small.EVERYBODY:
        if somebody != speaker:
            with pytest.raises(NotAllowed):
                say(told, about(kind, subject), somebody, **content)
    assert small.everything(told.store) == before


def test_a_domain_finds_what_it_is_asked_until_it_is_taken_back(told: SmallWorkspace) -> None:
    asked = about("request", "governance:shared")
    say(told, asked, small.FRANCE, to_unit="FR.sales")
    with told.store.read() as connection:
        assert [found.about for found in read_requests(connection, "FR.sales")] == [asked]
        assert read_requests(connection, "FR.finance") == ()
    say(told, asked, small.FRANCE, 1, to_unit=None)
    with told.store.read() as connection:
        assert read_requests(connection, "FR.sales") == ()


def test_the_same_change_sent_twice_happens_once(told: SmallWorkspace) -> None:
    desk = told.desk(small.FRANCE)
    twice = [
        state(desk, about("fact", "domains"), {"value": 3}, expected_version=0, idempotency_key="once")
        for _ in range(2)
    ]
    assert twice[0] == twice[1]
    assert len(small.rows_of(told.store, "SELECT id FROM statement_events")) == 1


def test_who_comes_second_overwrites_nothing(told: SmallWorkspace) -> None:
    say(told, about("fact", "domains"), small.FRANCE, value=3)
    with pytest.raises(ResponseError, match="Somebody else"):
        say(told, about("fact", "domains"), small.FRANCE, 0, value=4)
    with told.store.read() as connection:
        assert read_facts(connection, ["FR", "DE"]) == {small.ROUND: {("FR", "domains"): 3.0}}


def test_first_statements_at_one_moment_lose_nothing(told: SmallWorkspace) -> None:
    """Each of six adds one, five times; whoever comes too late looks again."""
    wanted = about("fact", "domains")

    def count_up(name: str) -> None:
        for _ in range(5):
            while True:
                with told.store.read() as connection:
                    found = read_statements(connection, ["FR"], [StatementKind.FACT])
                version = found[0].version if found else 0
                with suppress(ResponseError):
                    desk = told.desk(small.FRANCE, session_id=name)
                    key = small.new_key()
                    state(desk, wanted, {"value": version + 1}, expected_version=version, idempotency_key=key)
                    break

    threads = [threading.Thread(target=count_up, args=(str(n),)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with told.store.read() as connection:
        assert read_facts(connection, ["FR"]) == {small.ROUND: {("FR", "domains"): 30.0}}


def test_a_fact_that_is_taken_back_is_unknown(told: SmallWorkspace) -> None:
    say(told, about("fact", "law"), small.FRANCE, value=False)
    with told.store.read() as connection:
        assert read_facts(connection, ["FR"]) == {small.ROUND: {("FR", "law"): False}}
    say(told, about("fact", "law"), small.FRANCE, 1, value=None)
    with told.store.read() as connection:
        assert read_facts(connection, ["FR"]) == {}


@pytest.mark.parametrize(
    ("kind", "subject", "content", "words"),
    [
        ("fact", "domains", {"value": -1}, "a number, 0 or more"), ("fact", "domains", {"value": True}, "a number"),
        ("fact", "domains", {"value": float("nan")}, "finite"), ("fact", "regulated", {"value": 1.5}, "between 0 and 1"),
        ("fact", "law", {"value": 1}, "yes or no"), ("fact", "note", {"value": 7}, "a text"),
        ("fact", "note", {"value": "a\0b"}, "match"), ("fact", "note", {}, "required"),
        ("fact", "note", {"value": "x" * 4001}, "4000"), ("fact", "note", {"value": [1]}, "."),
        ("element", "customer", {"use": "law"}, "needs its reason"), ("element", "customer", {"use": "no"}, "same"),
        ("principle", "owners", {"position": "skipped", "reason": " "}, "needs its reason"),
        ("move", "governance:shared", {"due_on": "soon"}, "date"), ("move", "governance:shared", {"more": 1}, "not permitted"),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_is_refused_in_words_and_changes_nothing(
    told: SmallWorkspace, kind: str, subject: str, content: dict[str, Any], words: str
) -> None:
    before = small.everything(told.store)
    with pytest.raises(ResponseError, match=words):
        say(told, about(kind, subject), small.FRANCE, **content)
    assert small.everything(told.store) == before


@pytest.mark.parametrize(
    "wrong",
    [
        about("fact", "nothing"), about("fact", "domains", round_id="2099"), about("fact", "domains", unit="FR.sales"),
        about("element", "nothing"), about("principle", "nothing"), about("move", "governance:nothing"),
        about("move", "nothing:shared"), about("move", "governance:owner"), about("move", "shared"),
    ],
    ids=str,
)  # fmt: skip
def test_a_subject_that_is_not_there_is_not_here(told: SmallWorkspace, wrong: About) -> None:
    content = next(content for kind, (_, _, content) in SAID.items() if kind == wrong.kind)
    with pytest.raises(NotAllowed):
        say(told, wrong, small.FRANCE if wrong.unit_id == "FR" else small.SALES, **content)


def test_in_a_closed_round_nothing_more_is_said(told: SmallWorkspace) -> None:
    close(told)
    with pytest.raises(AssessmentError, match="closed"):
        say(told, about("fact", "domains"), small.FRANCE, value=3)


def test_the_evidence_that_a_reviewer_found_caps_the_supported_score_and_touches_no_level(
    told: SmallWorkspace,
) -> None:
    accepted(told, "FR", small.FRANCE)

    def scores() -> tuple[float, float]:
        with told.store.read() as connection:
            data = read_scoring_input(connection, told.catalogue, Scope(own=frozenset({"FR"})))
        row = score_table(data).query("dimension_id == '' and basis == 'own'").iloc[0]
        return row["score"], row["supported_score"]

    claimed, carried = scores()
    say(told, about("verified", "governance:shared"), small.REVIEWER, kind="none")
    assert scores()[0] == claimed
    assert scores()[1] == pytest.approx(carried - 1 / 3)
    say(told, about("verified", "governance:shared"), small.REVIEWER, 1, kind=None)
    assert scores() == (claimed, carried)


@pytest.mark.parametrize("kind", ["remark", "verified"])
def test_a_reviewer_judges_no_answer_of_their_own(told: SmallWorkspace, kind: str) -> None:
    answer_all(told, "FR", small.FRANCE)
    subject, reviewer, content = SAID[kind]
    with pytest.raises(ResponseError, match="Somebody else has to review it"):
        say(told, about(kind, subject), Principal(small.FRANCE.person, reviewer.role), **content)
    say(told, about(kind, subject), reviewer, **content)
