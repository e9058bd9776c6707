"""The history: everything is in it, nobody but the administrator reads it, and no answer's content is in it."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from assessment.access import Principal
from assessment.actions import reviewing
from assessment.actions.answering import save_answer
from assessment.actions.auditing import (
    HISTORY_COLUMNS,
    export_history,
    history,
    history_table,
    people_of_history,
)
from assessment.actions.exporting import export_scores
from assessment.actions.people import add_person, erase_person
from assessment.errors import NotAllowed
from assessment.store.history import Kind, Wanted
from tests.conftest import SmallWorkspace
from tests.store import small

EVER = Wanted(small.NOON - timedelta(days=1), small.NOON + timedelta(days=1))
SECRET = "our worst secret"


@pytest.fixture
def busy(workspace: SmallWorkspace) -> SmallWorkspace:
    """A domain that answered and sent, and a file that left."""
    desk, assessment = workspace.desk(small.SALES), workspace.assessment("FR.sales")
    for number, question in enumerate(small.DOMAIN_QUESTIONS):
        save_answer(
            workspace.desk(small.SALES, small.later(number)), assessment.id, question,
            {"state": "dont_know", "comment": SECRET}, expected_version=0, idempotency_key=small.new_key(),
        )  # fmt: skip
    reviewing.submit(desk, assessment.id)
    export_scores(workspace.desk(small.CDAO, small.later(30)), small.ROUND)
    return workspace


def told(workspace: SmallWorkspace, wanted: Wanted = EVER, most: int = 100) -> list[tuple[str, str]]:
    found = history(workspace.desk(small.ADMINISTRATOR), wanted, most)
    return [(str(entry.kind), entry.action) for entry in found.entries]


def test_everything_that_was_done_is_told_the_newest_first(busy: SmallWorkspace):
    found = told(busy)
    assert found[0] == ("workspace", "exported")
    assert found.count(("answer", "answered")) == len(small.DOMAIN_QUESTIONS)
    assert ("assessment", "draft → submitted") in found
    assert ("workspace", "round opened") in found
    entries = history(busy.desk(small.ADMINISTRATOR), EVER, 100).entries
    assert [entry.at for entry in entries] == sorted((entry.at for entry in entries), reverse=True)


def test_what_answers_say_is_in_none_of_it(busy: SmallWorkspace):
    entries = history(busy.desk(small.ADMINISTRATOR), EVER, 100).entries
    table = history_table(entries, {})
    assert not table.map(lambda text: SECRET in text or "dont_know" in text).any(axis=None)
    answer = next(entry for entry in entries if entry.kind is Kind.ANSWER)
    assert set(answer.about) == {"round", "unit", "questionnaire", "question", "version", "from"}


def test_it_is_narrowed_by_period_kind_and_person(busy: SmallWorkspace):
    assert told(busy, Wanted(small.later(20), small.later(40))) == [("workspace", "exported")]
    assert {kind for kind, _ in told(busy, Wanted(EVER.since, EVER.until, frozenset({Kind.ANSWER})))} == {
        "answer"
    }
    assert told(busy, Wanted(EVER.since, EVER.until, person=small.CDAO.person)) == [("workspace", "exported")]
    assert told(busy, Wanted(EVER.until, EVER.until + timedelta(days=1))) == []


def test_all_are_counted_when_only_the_newest_are_shown(busy: SmallWorkspace):
    found = history(busy.desk(small.ADMINISTRATOR), EVER, 2)
    assert len(found.entries) == 2
    assert found.total == len(told(busy))


@pytest.mark.parametrize("somebody", [small.FRANCE, small.SALES, small.REVIEWER, small.CDAO, small.AUTHOR])
def test_only_who_manages_reads_it_or_takes_it_along(busy: SmallWorkspace, somebody: Principal):
    for read in (
        lambda desk: history(desk, EVER, 10), lambda desk: export_history(desk, EVER), people_of_history,
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            read(busy.desk(somebody))


def test_a_file_of_it_is_on_record_itself(busy: SmallWorkspace):
    desk = busy.desk(small.ADMINISTRATOR, small.later(40))
    name, content = export_history(desk, EVER)
    rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    assert list(rows[0]) == list(HISTORY_COLUMNS)
    assert name.startswith("history_2026-03-01-to-2026-03-03")
    assert len(rows) + 1 == len(told(busy))
    newest = history(desk, EVER, 1).entries[0]
    assert newest.about == {"file": name, "rows": len(rows)}


def test_hostile_text_runs_in_no_spreadsheet(busy: SmallWorkspace):
    add_person(busy.desk(Principal("=cmd()", small.ADMINISTRATOR.role)), "Ana", "")
    _, exact = export_history(busy.desk(small.ADMINISTRATOR), EVER)
    _, excel = export_history(busy.desk(small.ADMINISTRATOR), EVER, for_excel=True)
    assert b'"=cmd()"' in exact
    assert b'"=cmd()"' not in excel
    assert b'"\'=cmd()"' in excel


def test_people_have_names_until_they_are_forgotten(busy: SmallWorkspace):
    desk = busy.desk(small.ADMINISTRATOR)
    person = add_person(desk, "Ana", "ana@example.org")
    export_scores(busy.desk(Principal(person, small.CDAO.role)), small.ROUND)
    assert people_of_history(desk)[person] == "Ana"
    erase_person(desk, person)
    assert people_of_history(desk)[person] == person
    assert "Ana" not in history(desk, EVER, 100).names.values()
