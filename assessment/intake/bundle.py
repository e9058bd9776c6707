"""The files of one scoring job, read together so that the problems of all of them are told at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import pandas as pd

from assessment.errors import NOT_ASKED, IntakeError, Problem
from assessment.intake.answers import read_answers
from assessment.intake.rounds import read_rounds
from assessment.intake.targets import read_targets
from assessment.intake.units import read_units
from assessment.organisation import Organisation, Round, Target, Unit, organisation_of
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.models import UnitKind
from assessment.scoring.asked import asked_by_answers
from assessment.scoring.table import ScoringInput

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class File:
    """A file's content and the name that messages call it by."""

    name: str
    content: bytes


@dataclass(slots=True)
class Collector:
    """The problems of several files, so that all of them are told at once."""

    problems: list[Problem] = field(default_factory=list)

    def attempt(self, read: Callable[[], _T]) -> _T | None:
        """What was read; None when it had problems, which are kept."""
        try:
            return read()
        except IntakeError as error:
            self.problems += error.problems
            return None


def read_bundle(
    catalogue: Catalogue,
    answers: File,
    units: File | None = None,
    rounds: File | None = None,
    targets: File | None = None,
) -> ScoringInput:
    """What the files say, ready to be scored.

    Without `units` every unit is a country named by its id; without `rounds` phases are empty and rounds sort by id.

    Raises:
        IntakeError: With the problems of every file.
    """
    collector = Collector()
    known_units = collector.attempt(lambda: read_units(units.content, units.name)) if units else None
    known_rounds = collector.attempt(lambda: read_rounds(rounds.content, rounds.name)) if rounds else None
    frame = collector.attempt(
        lambda: read_answers(
            answers.content, answers.name, catalogue, organisation=known_units, rounds=known_rounds
        )
    )
    wanted: tuple[Target, ...] | None = ()
    if targets:
        wanted = collector.attempt(
            lambda: read_targets(
                targets.content, targets.name, catalogue, organisation=known_units, rounds=known_rounds
            )
        )
    if collector.problems or frame is None or wanted is None:
        raise IntakeError(
            _told_once(collector.problems, units_are_known=known_units is not None or units is None)
        )
    return _scoring_input(catalogue, frame, known_units, known_rounds, wanted)


def _told_once(problems: list[Problem], *, units_are_known: bool) -> list[Problem]:
    """Without what only follows from unreadable units: that a question isn't asked of a kind nobody knows."""
    return [problem for problem in problems if units_are_known or problem.code != NOT_ASKED.code]


def _scoring_input(
    catalogue: Catalogue,
    answers: pd.DataFrame,
    organisation: Organisation | None,
    rounds: Mapping[str, Round] | None,
    targets: tuple[Target, ...],
) -> ScoringInput:
    asked = asked_by_answers(answers, organisation)
    if organisation is None:
        ids = dict.fromkeys(entry.unit_id for entry in asked)
        organisation = organisation_of(Unit(unit, unit, UnitKind.COUNTRY) for unit in ids)
    if rounds is None:
        rounds = {entry.round_id: Round(entry.round_id, entry.round_id) for entry in asked}
    return ScoringInput(catalogue, organisation, rounds, answers, asked, targets)
