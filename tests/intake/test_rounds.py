from __future__ import annotations

from collections.abc import Callable
from datetime import date

from assessment import errors
from assessment.errors import Message, Problem
from assessment.intake.rounds import read_rounds
from assessment.organisation import Phase, Round

Refused = Callable[[Callable[[], object]], tuple[Problem, ...]]

HEADER = "round_id,title,phase,opens_on,closes_on"


def read(*lines: str) -> dict[str, Round]:
    return read_rounds("\n".join([HEADER, *lines]).encode(), "r.csv")


def found(message: Message, line: int, **values: object) -> Problem:
    return message.at("r.csv", line, **values)


def test_rounds_come_by_id_in_the_files_order() -> None:
    rounds = read(
        "R2,Second,During,2026-11-01,2026-11-30", "R1,First,,,", "R0,One day,before,2026-01-01,2026-01-01"
    )
    assert list(rounds) == ["R2", "R1", "R0"]
    assert rounds["R2"] == Round("R2", "Second", Phase.DURING, date(2026, 11, 1), date(2026, 11, 30))
    assert rounds["R1"] == Round("R1", "First")


def test_phase_and_dates_may_be_missing() -> None:
    assert read_rounds(b"round_id,title\nR1,First\n", "r.csv") == {"R1": Round("R1", "First")}


def test_a_file_with_many_different_mistakes_names_each_by_line_and_nothing_else(refused: Refused) -> None:
    problems = refused(
        lambda: read(
            "R1,First,before,2026-01-01,2026-01-31",
            "R1,Again,,,",
            ",No id,,,",
            "R2,,,,",
            "R3,Third,after,,",
            "R4,Fourth,,01.02.2026,2026-02-30",
            "R5,Fifth,,2026-05-02,2026-05-01",
            "R6,Sixth,,2026-06-01T00:00,",
            "R7,Seventh,,,2026-07-01",
        )
    )
    rule = "a date is written as 2026-11-22"
    assert list(problems) == [
        found(errors.ROW_TWICE, 3, what="round 'R1'", first=2),
        found(errors.CELL_EMPTY, 4, column="round_id"),
        found(errors.CELL_EMPTY, 5, column="title"),
        found(errors.CELL_CHOICE, 6, column="phase", value="after", allowed="before, during", suggestion=""),
        found(errors.CELL_FORM, 7, column="opens_on", value="01.02.2026", rule=rule),
        found(errors.CELL_FORM, 7, column="closes_on", value="2026-02-30", rule=rule),
        found(errors.DATES_ORDER, 8, opens="2026-05-02", closes="2026-05-01"),
        found(errors.CELL_FORM, 9, column="opens_on", value="2026-06-01T00:00", rule=rule),
    ]
