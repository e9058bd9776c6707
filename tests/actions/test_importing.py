"""Bringing files in: every addition, change and conflict is told first; all of it is written, or nothing."""

from __future__ import annotations

import pytest

from assessment.access import Principal
from assessment.actions import reviewing
from assessment.actions.answering import save_answer
from assessment.actions.import_plan import Files
from assessment.actions.importing import bring_in, preview
from assessment.actions.rounds import close_round
from assessment.actions.units import retire_unit
from assessment.errors import IntakeError, NotAllowed, ResponseError
from assessment.intake.bundle import File
from assessment.intake.changes import Changes, Fate, Kind, kind_of
from assessment.responses import MAX_TEXT
from assessment.store.answers import read_answer
from assessment.store.organisation import read_organisation, read_rounds, read_targets
from tests.conftest import SmallWorkspace
from tests.store import small

ANSWERS = "round_id,unit_id,questionnaire_id,questionnaire_version,question_id,state,value,reason,comment\n"
UNITS = "unit_id,name,kind,parent_id,country_iso3,domain_family\n"
ROUNDS = "round_id,title,phase,opens_on,closes_on\n"
TARGETS = "round_id,unit_id,questionnaire_id,dimension_id,target\n"


def answers(*rows: str) -> Files:
    return Files(answers=File("answers.csv", (ANSWERS + "\n".join(rows)).encode()))


def units(*rows: str) -> File:
    known = "ACME,Acme,group,,,\nFR,France,country,ACME,FRA,\nDE,Germany,country,ACME,DEU,\n"
    return File("units.csv", (UNITS + known + "\n".join(rows)).encode())


def fates(changes: Changes, kind: Kind) -> dict[str, Fate]:
    return {line.what: line.fate for line in changes.lines if line.kind is kind}


def only(changes: Changes) -> tuple[Fate, str]:
    (line,) = changes.lines
    return line.fate, line.told


SHARED = '2026-H1,FR,governance,1.0.0,shared,answered,3,,"two\nlines, \'and\' ""quotes"""'


def stored(workspace: SmallWorkspace, unit: str = "FR", question: str = "shared"):
    with workspace.store.read() as connection:
        return read_answer(connection, workspace.assessment(unit).id, question)


def test_an_answer_that_isnt_there_is_added_as_a_draft_of_its_unit(workspace: SmallWorkspace):
    desk = workspace.desk(small.ADMINISTRATOR)
    assert only(preview(desk, answers(SHARED))) == (Fate.ADDED, "")
    assert stored(workspace) is None, "a preview writes nothing"
    bring_in(desk, answers(SHARED))
    found = stored(workspace)
    assert (found.answer.value, found.answer.comment) == ("3", "two\nlines, 'and' \"quotes\"")
    assert (found.answered_by, found.origin) == ("Ada", "import")
    assert workspace.assessment("FR").state == "draft"


def test_many_units_answer_the_same_question(workspace: SmallWorkspace):
    every = [SHARED.replace(",FR,", f",{unit},") for unit in ("FR", "DE", "FR.sales")]
    desk = workspace.desk(small.ADMINISTRATOR)
    assert bring_in(desk, answers(*every)).headline == "3 answers: 3 new"
    assert [stored(workspace, unit).answer.value for unit in ("FR", "DE", "FR.sales")] == ["3", "3", "3"]
    again = [row.replace(",3,", ",4,") for row in every]
    bring_in(desk, answers(*again), may_replace=True)
    assert [stored(workspace, unit).version for unit in ("FR", "DE", "FR.sales")] == [2, 2, 2]


def test_the_same_file_again_changes_nothing(workspace: SmallWorkspace):
    desk = workspace.desk(small.ADMINISTRATOR)
    bring_in(desk, answers(SHARED))
    before = small.everything(workspace.store)
    assert bring_in(desk, answers(SHARED)).is_nothing
    assert small.everything(workspace.store) == before


def test_what_was_answered_here_is_only_replaced_when_somebody_says_so(workspace: SmallWorkspace):
    save_answer(
        workspace.desk(small.FRANCE), workspace.assessment("FR").id, "shared", {"state": "answered", "value": "5"},
        expected_version=0, idempotency_key=small.new_key(),
    )  # fmt: skip
    desk = workspace.desk(small.ADMINISTRATOR)
    fate, told = only(preview(desk, answers(SHARED)))
    assert fate is Fate.CONFLICT
    assert "answered otherwise" in told
    assert "5" not in told, "an administrator may not read answers"
    with pytest.raises(ResponseError, match="Nothing was written"):
        bring_in(desk, answers(SHARED))
    assert stored(workspace).answer.value == "5"
    assert only(bring_in(desk, answers(SHARED), may_replace=True))[0] is Fate.CHANGED
    assert (stored(workspace).answer.value, stored(workspace).version) == ("3", 2)


def test_one_conflict_holds_everything_up(workspace: SmallWorkspace):
    for question in small.DOMAIN_QUESTIONS:
        save_answer(
            workspace.desk(small.SALES), workspace.assessment("FR.sales").id, question, {"state": "dont_know"},
            expected_version=0, idempotency_key=small.new_key(),
        )  # fmt: skip
    reviewing.submit(workspace.desk(small.SALES), workspace.assessment("FR.sales").id)
    sent = "2026-H1,FR.sales,governance,1.0.0,shared,answered,3,,"
    desk = workspace.desk(small.ADMINISTRATOR)
    found = preview(desk, answers(SHARED, sent), may_replace=True)
    assert [line.fate for line in found.lines] == [Fate.ADDED, Fate.CONFLICT]
    assert found.headline == "2 answers: 1 new and 1 conflict"
    before = small.everything(workspace.store)
    with pytest.raises(ResponseError, match="was sent"):
        bring_in(desk, answers(SHARED, sent), may_replace=True)
    assert small.everything(workspace.store) == before


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("2026-H1,FR,platform,1.0.0,path,answered,3,,", "isn't asked"),
        ("2026-H1,FR,governance,0.9.0,shared,answered,3,,", "asks version 1.0.0"),
    ],
)
def test_an_answer_that_belongs_nowhere_is_a_conflict(workspace: SmallWorkspace, row: str, told: str):
    fate, why = only(preview(workspace.desk(small.ADMINISTRATOR), answers(row)))
    assert fate is Fate.CONFLICT
    assert told in why


def test_a_text_that_nobody_could_type_here_is_a_conflict(workspace: SmallWorkspace):
    long = f"2026-H1,FR,governance,1.0.0,shared,answered,3,,{'x' * (MAX_TEXT + 1)}"
    fate, why = only(preview(workspace.desk(small.ADMINISTRATOR), answers(long)))
    assert fate is Fate.CONFLICT, "told before anything is written"
    assert str(MAX_TEXT) in why


def test_an_answer_of_one_of_several_people_is_a_conflict(workspace: SmallWorkspace):
    content = ANSWERS.strip() + ",respondent_id\n" + SHARED + ",r1"
    files = Files(answers=File("answers.csv", content.encode()))
    fate, told = only(preview(workspace.desk(small.ADMINISTRATOR), files))
    assert fate is Fate.CONFLICT
    assert "one person's" in told


def test_the_problems_of_all_files_are_told_at_once(workspace: SmallWorkspace):
    files = Files(
        targets=File("targets.csv", (TARGETS + "2026-H1,FR,governance,nowhere,3").encode()),
        answers=File("answers.csv", (ANSWERS + "2026-H1,XX,governance,1.0.0,shared,answered,9,,").encode()),
    )
    with pytest.raises(IntakeError) as caught:
        preview(workspace.desk(small.ADMINISTRATOR), files)
    assert {problem.source for problem in caught.value.problems} == {"targets.csv", "answers.csv"}


def test_units_come_in_and_may_be_renamed_but_not_moved(workspace: SmallWorkspace):
    desk = workspace.desk(small.ADMINISTRATOR)
    added = units("ES,Spain,country,ACME,ESP,", "FR.sales,Selling,domain,FR,,sales")
    assert fates(bring_in(desk, Files(units=added)), Kind.UNIT) == {
        "ACME": Fate.SAME, "FR": Fate.SAME, "DE": Fate.SAME, "ES": Fate.ADDED, "FR.sales": Fate.CHANGED,
    }  # fmt: skip
    with workspace.store.read() as connection:
        known = read_organisation(connection).units
    assert (known["ES"].name, known["FR.sales"].name) == ("Spain", "Selling")
    moved = units("FR.sales,Selling,domain,DE,,sales")
    found = preview(desk, Files(units=moved))
    assert fates(found, Kind.UNIT)["FR.sales"] is Fate.CONFLICT
    assert "parent_id: FR → DE" in found.conflicts[0].told


def test_there_is_one_group_above_all_others(workspace: SmallWorkspace):
    """A file alone may not have two (A219); nor may it bring the second one."""
    desk = workspace.desk(small.ADMINISTRATOR)
    other = File("units.csv", (UNITS + "OTHER,Other,group,,,\nES,Spain,country,OTHER,ESP,").encode())
    assert fates(preview(desk, Files(units=other)), Kind.UNIT)["OTHER"] is Fate.CONFLICT
    below = units("NORTH,North,group,ACME,,", "ES,Spain,country,NORTH,ESP,")
    assert fates(bring_in(desk, Files(units=below)), Kind.UNIT)["NORTH"] is Fate.ADDED


def test_a_year_that_was_held_elsewhere_comes_in_whole(workspace: SmallWorkspace):
    """Units, a round, its targets and its answers, in files that name one another."""
    desk = workspace.desk(small.ADMINISTRATOR)
    files = Files(
        units("ES,Spain,country,ACME,ESP,"),
        File("rounds.csv", (ROUNDS + "2025-H1,Last year,before,2025-03-01,2025-03-31").encode()),
        File("targets.csv", (TARGETS + "2025-H1,ES,governance,direction,4").encode()),
        File("answers.csv", (ANSWERS + "2025-H1,ES,governance,1.0.0,shared,answered,2,,").encode()),
    )
    found = preview(desk, files)
    assert not found.conflicts
    assert (
        found.headline == "4 units: 1 new and 3 as they are; 1 round: 1 new; 1 target: 1 new; 1 answer: 1 new"
    )
    bring_in(desk, files)
    with workspace.store.read() as connection:
        entry = {known.id: known for known in read_rounds(connection)}["2025-H1"]
        assert read_targets(connection, ["ES"])[0].target == 4
    assert entry.questionnaires["governance"] == "1.0.0"
    assert workspace.assessment("ES", "2025-H1").state == "draft"
    assert bring_in(desk, files).is_nothing


def test_an_open_round_may_close_on_another_day_and_nothing_else(workspace: SmallWorkspace):
    desk = workspace.desk(small.ADMINISTRATOR)

    def rounds(row: str) -> Files:
        return Files(rounds=File("rounds.csv", (ROUNDS + row).encode()))

    later = rounds("2026-H1,Round 2026-H1,before,2026-03-01,2026-04-15")
    assert only(bring_in(desk, later)) == (Fate.CHANGED, "closes on 2026-03-31 → 2026-04-15")
    assert bring_in(desk, later).is_nothing
    assert only(preview(desk, rounds("2026-H1,Another title,before,,")))[0] is Fate.CONFLICT
    close_round(desk, small.ROUND)
    again = rounds("2026-H1,Round 2026-H1,before,2026-03-01,2026-05-01")
    assert only(preview(desk, again))[0] is Fate.CONFLICT


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("2025-H1,Last year,before,,,2025-04-01T00:00:00+00:00,", "rounds that are open"),
        ("2025-H1,Last year,before,,,,9.9.9", "9.9.9 aren't here"),
        ("last year,Last year,before,,,,", "letters, digits"),
    ],
    ids=["closed", "other rules", "no id"],
)
def test_a_round_that_cant_be_opened_is_a_conflict(workspace: SmallWorkspace, row: str, told: str):
    content = ROUNDS.strip() + ",closed_at,rules_version\n" + row
    files = Files(rounds=File("rounds.csv", content.encode()))
    fate, why = only(preview(workspace.desk(small.ADMINISTRATOR), files))
    assert fate is Fate.CONFLICT, "told before anything is written"
    assert told in why


def test_targets_are_added_and_changed_as_long_as_their_round_is_open(workspace: SmallWorkspace):
    desk = workspace.desk(small.ADMINISTRATOR)

    def wanted(level: str) -> Files:
        return Files(
            targets=File("targets.csv", (TARGETS + f"2026-H1,FR,governance,direction,{level}").encode())
        )

    assert only(bring_in(desk, wanted("3.5"))) == (Fate.ADDED, "3.5")
    assert only(bring_in(desk, wanted("4"))) == (Fate.CHANGED, "3.5 → 4")
    close_round(desk, small.ROUND)
    assert only(preview(desk, wanted("4")))[0] is Fate.SAME
    assert only(preview(desk, wanted("5")))[0] is Fate.CONFLICT


def test_a_retired_unit_is_not_asked_in_a_round_that_comes_in(workspace: SmallWorkspace):
    desk = workspace.desk(small.ADMINISTRATOR)
    retire_unit(desk, "DE.sales")
    files = Files(
        units("DE.sales,Sales,domain,DE,,sales"),
        File("rounds.csv", (ROUNDS + "2025-H1,Last year,before,2025-03-01,2025-03-31").encode()),
    )
    assert fates(bring_in(desk, files), Kind.UNIT)["DE.sales"] is Fate.SAME
    with pytest.raises(IndexError):
        workspace.assessment("DE.sales", "2025-H1")


@pytest.mark.parametrize("somebody", [small.FRANCE, small.SALES, small.REVIEWER, small.CDAO, small.AUTHOR])
def test_only_who_manages_brings_files_in(workspace: SmallWorkspace, somebody: Principal):
    with pytest.raises(NotAllowed):
        preview(workspace.desk(somebody), answers(SHARED))
    with pytest.raises(NotAllowed):
        bring_in(workspace.desk(somebody), answers(SHARED))


def test_what_came_in_is_on_record(workspace: SmallWorkspace):
    bring_in(workspace.desk(small.ADMINISTRATOR), answers(SHARED))
    rows = small.everything(workspace.store)["workspace_events"]
    assert [row for row in rows if row["action"] == "files imported"]


@pytest.mark.parametrize(
    ("head", "kind"),
    [(ANSWERS, Kind.ANSWER), (UNITS, Kind.UNIT), (ROUNDS, Kind.ROUND), (TARGETS, Kind.TARGET)],
)
def test_a_file_is_known_by_its_columns(head: str, kind: Kind):
    assert kind_of(head.encode(), "x.csv") is kind
    assert kind_of(("\ufeff" + head.replace(",", ";")).encode(), "x.csv") is kind
    assert kind_of(("\r\n \n" + head.upper()).encode(), "x.csv") is kind
    with pytest.raises(ResponseError, match="second file"):
        kind_of(head.encode(), "x.csv", [kind])


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2", b"\xff\xfe\x00", b"PK\x03\x04"])
def test_any_other_file_is_refused(content: bytes):
    with pytest.raises(ResponseError, match="columns of none"):
        kind_of(content, "x.csv")
