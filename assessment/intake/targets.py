"""targets.csv → the scores that units want."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from assessment import errors
from assessment.intake.findings import Nearby
from assessment.intake.sheet import Sheet
from assessment.intake.tables import read_table
from assessment.organisation import TARGET_COLUMNS, Organisation, Target
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.models import Questionnaire, Scale

_KEY = ("round_id", "unit_id", "questionnaire_id", "dimension_id")
_MANDATORY = ("round_id", "unit_id", "questionnaire_id", "target")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)")


@dataclass(frozen=True, slots=True)
class _Aims:
    """What a target of one questionnaire can be about: its dimensions ('' is the whole) and their scales.

    A target names no version, so that what one version has is enough.
    """

    scales: Mapping[str, list[Scale]]

    def scales_of(self, dimension_id: str) -> list[Scale]:
        """The scales of a dimension; of an unknown one, those of the questionnaire."""
        return self.scales.get(dimension_id, self.scales[""])

    def is_wrong(self, dimension_id: str, target: str) -> bool:
        if not _NUMBER.fullmatch(target):
            return True
        return not any(s.minimum <= float(target) <= s.maximum for s in self.scales_of(dimension_id))


def read_targets(
    content: bytes,
    source: str,
    catalogue: Catalogue,
    *,
    organisation: Organisation | None = None,
    rounds: Collection[str] | None = None,
) -> tuple[Target, ...]:
    """The targets in a CSV file with `TARGET_COLUMNS`, in its order.

    Args:
        content: The file.
        source: Names the file in messages.
        catalogue: The questionnaires that there are.
        organisation: The units that there are; without it every unit is fine.
        rounds: The ids of the rounds that there are; without them every round is fine.

    Raises:
        IntakeError: With every problem in the file, by line.
    """
    sheet = Sheet(read_table(content, source, TARGET_COLUMNS, ()))
    aims = {identifier: _aims(catalogue, identifier) for identifier in catalogue.ids()}
    sheet.require(*_MANDATORY)
    sheet.know_or_one_line("round_id", rounds, "the list of rounds")
    sheet.know_or_one_line("unit_id", organisation.units if organisation else None, "the organisation")
    sheet.know("questionnaire_id", aims, "the catalogue")
    _check_dimensions(sheet, aims)
    _check_numbers(sheet, aims)
    sheet.unique(_KEY, _KEY[:-1], errors.ROW_TWICE, lambda row: _named(sheet, row))
    return tuple(
        Target(round_id, unit_id, questionnaire_id, dimension_id or None, float(target))
        for round_id, unit_id, questionnaire_id, dimension_id, target in sheet.result().itertuples(
            index=False, name=None
        )
    )


def _aims(catalogue: Catalogue, identifier: str) -> _Aims:
    scales: dict[str, list[Scale]] = {}
    for version in catalogue.versions(identifier):
        questionnaire = catalogue.get(identifier, version)
        for dimension_id in _dimension_ids(questionnaire):
            scales.setdefault(dimension_id, []).append(questionnaire.scale)
    return _Aims(scales)


def _dimension_ids(questionnaire: Questionnaire) -> list[str]:
    return ["", *(dimension.id for dimension in questionnaire.all_dimensions())]


def _check_dimensions(sheet: Sheet, aims: Mapping[str, _Aims]) -> None:
    near = {identifier: Nearby(filter(None, entry.scales)) for identifier, entry in aims.items()}
    pairs = sheet.columns("questionnaire_id", "dimension_id")
    sheet.mark(
        pairs.where(lambda pair: pair[0] in aims and pair[1] not in aims[pair[0]].scales),
        errors.CELL_UNKNOWN,
        lambda row: {
            "column": "dimension_id",
            "value": sheet.cell("dimension_id", row),
            "where": pairs.at(row)[0],
            "suggestion": near[pairs.at(row)[0]](pairs.at(row)[1]),
        },
    )


def _check_numbers(sheet: Sheet, aims: Mapping[str, _Aims]) -> None:
    wanted = sheet.columns("questionnaire_id", "dimension_id", "target")

    def describe(row: int) -> dict[str, object]:
        identifier, dimension_id, _ = wanted.at(row)
        scales = aims[identifier].scales_of(dimension_id)
        low, high = min(s.minimum for s in scales), max(s.maximum for s in scales)
        return {
            "column": "target",
            "value": sheet.cell("target", row),
            "low": f"{low:g}",
            "high": f"{high:g}",
        }

    sheet.mark(
        wanted.where(lambda key: key[2] and key[0] in aims and aims[key[0]].is_wrong(*key[1:])),
        errors.CELL_NUMBER,
        describe,
    )


def _named(sheet: Sheet, row: int) -> str:
    unit, dimension, round_id = (
        sheet.cell(column, row) for column in ("unit_id", "dimension_id", "round_id")
    )
    about = dimension or sheet.cell("questionnaire_id", row)
    return f"the target of '{unit}' for '{about}' in '{round_id}'"
