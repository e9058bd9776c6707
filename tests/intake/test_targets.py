from __future__ import annotations

from collections.abc import Callable, Collection

import pytest

from assessment import errors
from assessment.errors import Message, Problem
from assessment.intake.targets import read_targets
from assessment.organisation import Organisation, Target
from assessment.questionnaire.catalogue import Catalogue

Refused = Callable[[Callable[[], object]], tuple[Problem, ...]]

HEADER = "round_id,unit_id,questionnaire_id,dimension_id,target"


def read(
    catalogue: Catalogue,
    *lines: str,
    organisation: Organisation | None = None,
    rounds: Collection[str] | None = None,
) -> tuple[Target, ...]:
    content = "\n".join([HEADER, *lines]).encode()
    return read_targets(content, "t.csv", catalogue, organisation=organisation, rounds=rounds)


def found(message: Message, line: int, **values: object) -> Problem:
    return message.at("t.csv", line, **values)


def test_targets_come_in_the_files_order_and_an_empty_dimension_is_the_whole(catalogue: Catalogue) -> None:
    assert read(catalogue, "R1,FR,data-governance,direction,3.5", "R1,FR,data-governance,,4") == (
        Target("R1", "FR", "data-governance", "direction", 3.5),
        Target("R1", "FR", "data-governance", None, 4.0),
    )


@pytest.mark.parametrize("target", ["1", "5", "5.0", "+3", "3.", "1.00"])
def test_a_target_is_a_number_on_the_scale(catalogue: Catalogue, target: str) -> None:
    assert read(catalogue, f"R1,FR,data-governance,,{target}")[0].target == float(target)


@pytest.mark.parametrize(
    "target", ["0.99", "5.01", "-3", "nan", "inf", "1e0", '"3,5"', "three", "1_0", "٣", "."]
)
def test_what_is_no_number_on_the_scale_is_refused(
    catalogue: Catalogue, refused: Refused, target: str
) -> None:
    assert refused(lambda: read(catalogue, f"R1,FR,data-governance,,{target}")) == (
        found(errors.CELL_NUMBER, 2, column="target", value=target.strip('"'), low="1", high="5"),
    )


def test_a_file_with_many_different_mistakes_names_each_by_line_and_nothing_else(
    catalogue: Catalogue, organisation: Organisation, refused: Refused
) -> None:
    lines = [
        "R1,FR,data-governance,direction,3",
        "R1,FR,data-governance,direction,4",
        ",FR,data-governance,,3",
        "R1,,data-governance,,3",
        "R1,FR,,direction,3",
        "R1,FR,data-governance,,",
        "R9,FR,data-governance,,3",
        "R1,fr,data-governance,,3",
        "R1,FR,open-date,,3",
        "R1,FR,data-governance,directions,9",
        "R1,FR,open-data,policy,3",
        "R1,FR.sales,data-governance,,3",
    ]
    problems = refused(lambda: read(catalogue, *lines, organisation=organisation, rounds=["R1"]))
    assert list(problems) == [
        found(errors.ROW_TWICE, 3, what="the target of 'FR' for 'direction' in 'R1'", first=2),
        *(
            found(errors.CELL_EMPTY, line, column=column)
            for line, column in enumerate(["round_id", "unit_id", "questionnaire_id", "target"], 4)
        ),
        found(errors.CELL_UNKNOWN, 8, column="round_id", value="R9", where="the list of rounds", suggestion=""),
        found(
            errors.CELL_UNKNOWN, 9, column="unit_id", value="fr", where="the organisation",
            suggestion=" Did you mean 'FR'?",
        ),
        found(
            errors.CELL_UNKNOWN, 10, column="questionnaire_id", value="open-date", where="the catalogue",
            suggestion=" Did you mean 'open-data'?",
        ),
        found(
            errors.CELL_UNKNOWN, 11, column="dimension_id", value="directions",
            where="data-governance", suggestion=" Did you mean 'direction'?",
        ),
        found(errors.CELL_NUMBER, 11, column="target", value="9", low="1", high="5"),
        found(errors.CELL_NUMBER, 12, column="target", value="3", low="0", high="1"),
    ]  # fmt: skip


def test_without_units_and_rounds_every_one_is_fine_that_fits_on_a_line(
    catalogue: Catalogue, refused: Refused
) -> None:
    assert len(read(catalogue, "any round,any unit,data-governance,,3")) == 1
    codes = [p.code for p in refused(lambda: read(catalogue, '"R\n1","F\x1fR",data-governance,,3'))]
    assert codes == [errors.CELL_FORM.code] * 2
