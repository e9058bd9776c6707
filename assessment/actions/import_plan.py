"""What files that are brought in would write: each line of them beside what is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import pandas as pd

from assessment.actions.desk import Desk
from assessment.actions.rounds import check_round, drafts_of, taking_part
from assessment.errors import IntakeError, ResponseError
from assessment.i18n import t
from assessment.intake.answers import read_answers
from assessment.intake.bundle import Collector, File
from assessment.intake.changes import (
    Change,
    Changes,
    Fate,
    Kind,
    Place,
    answer_change,
    pins_for,
    round_changes,
    target_changes,
    unit_changes,
)
from assessment.intake.rounds import read_rounds
from assessment.intake.targets import read_targets
from assessment.intake.units import read_units
from assessment.organisation import Organisation, Round, Target, Unit, organisation_of
from assessment.questionnaire.catalogue import Catalogue
from assessment.responses import ANSWER_COLUMNS, ANSWER_FIELDS, Answer, AssessmentState, checked_answer
from assessment.store import answers as answer_store
from assessment.store import assessments as assessment_store
from assessment.store import organisation as organisation_store
from assessment.store.answers import StoredAnswer
from assessment.store.engine import Connection

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Files:
    """What is brought together; each may be missing."""

    units: File | None = None
    rounds: File | None = None
    targets: File | None = None
    answers: File | None = None

    @property
    def names(self) -> list[str]:
        return [file.name for file in (self.units, self.rounds, self.targets, self.answers) if file]


@dataclass(frozen=True, slots=True)
class Given:
    """An answer of a file, and what is stored in its place."""

    key: tuple[str, str, str]
    question_id: str
    answer: Answer
    stored: StoredAnswer | None


@dataclass(frozen=True)
class Plan:
    """Everything that would be written, and what it changes; `organisation` has what is new already."""

    organisation: Organisation
    units: Mapping[str, Unit]
    brought_rounds: tuple[Round, ...]
    targets: tuple[Target, ...]
    answers: tuple[Given, ...]
    changes: Changes


def planned(connection: Connection, desk: Desk, files: Files, *, may_replace: bool) -> Plan:
    """What the files would write and change, as of now.

    Raises:
        IntakeError: They can't be taken: every problem of all of them.
    """
    stored = organisation_store.read_organisation(connection)
    known = {entry.id: entry for entry in organisation_store.read_rounds(connection)}
    units, rounds = _frame(files)
    organisation = organisation_of({**units.units, **stored.units}.values())
    everything = {**rounds, **known}
    collector = Collector()
    answers = collector.attempt(lambda: _answers(files, desk.catalogue, organisation, everything))
    targets = collector.attempt(lambda: _targets(files, desk.catalogue, organisation, everything))
    if answers is None or targets is None:
        raise IntakeError(collector.problems)
    brought = tuple(
        _pinned(entry, answers, desk.catalogue) if entry.id not in known else entry
        for entry in rounds.values()
    )
    everything = {**{entry.id: entry for entry in brought}, **known}
    given = tuple(_given(connection, answers, organisation, known))
    places = _places(connection, desk.catalogue, organisation, everything, known)
    stored_targets = organisation_store.read_targets(connection, organisation.units)
    lines = (
        *unit_changes(units, stored),
        *_round_changes(desk.catalogue, brought, known),
        *target_changes(targets, stored_targets, everything),
        *_answer_changes(desk.catalogue, given, answers, places, may_replace=may_replace),
    )
    return Plan(organisation, units.units, brought, targets, given, Changes(lines))


def _frame(files: Files) -> tuple[Organisation, dict[str, Round]]:
    """The units and rounds of the files, without which nothing else can be judged."""
    collector = Collector()
    none: dict[str, Round] = {}
    units = collector.attempt(lambda: _read(files.units, read_units, organisation_of(())))
    rounds = collector.attempt(lambda: _read(files.rounds, read_rounds, none))
    if units is None or rounds is None:
        raise IntakeError(collector.problems)
    return units, rounds


def _read(file: File | None, read: Callable[[bytes, str], _T], without: _T) -> _T:
    return read(file.content, file.name) if file else without


def _answers(
    files: Files, catalogue: Catalogue, organisation: Organisation, rounds: Mapping[str, Round]
) -> pd.DataFrame:
    file = files.answers
    if file is None:
        return pd.DataFrame(columns=list(ANSWER_COLUMNS), dtype=str)
    return read_answers(file.content, file.name, catalogue, organisation=organisation, rounds=rounds)


def _targets(
    files: Files, catalogue: Catalogue, organisation: Organisation, rounds: Mapping[str, Round]
) -> tuple[Target, ...]:
    file = files.targets
    if file is None:
        return ()
    return read_targets(file.content, file.name, catalogue, organisation=organisation, rounds=rounds)


def _pinned(entry: Round, answers: pd.DataFrame, catalogue: Catalogue) -> Round:
    """A new round with what it asks."""
    mine = answers[answers["round_id"] == entry.id]
    named = zip(mine["questionnaire_id"], mine["questionnaire_version"], strict=True)
    return replace(entry, questionnaires=pins_for(named, catalogue))


def _round_changes(
    catalogue: Catalogue, brought: Sequence[Round], known: Mapping[str, Round]
) -> Iterator[Change]:
    """What becomes of the rounds; a new one that can't be opened like this is a conflict."""
    for entry, line in zip(brought, round_changes(brought, known), strict=True):
        why = _unopenable(catalogue, entry) if line.fate is Fate.ADDED else ""
        yield replace(line, fate=Fate.CONFLICT, told=why) if why else line


def _unopenable(catalogue: Catalogue, entry: Round) -> str:
    """Why a new round can't be opened; '' when it can."""
    if entry.closed_at:
        # Its answers would be drafts that nobody could ever send.
        return t("A file brings rounds that are open. Take 'closed_at' out, and close the round here.")
    if entry.rules_version and catalogue.verdicts_of(entry.rules_version) is None:
        return t("The rules for verdicts {version} aren't here.", version=entry.rules_version)
    try:
        check_round(entry, catalogue, ())
    except ResponseError as error:
        return str(error)
    return ""


def _given(
    connection: Connection,
    answers: pd.DataFrame,
    organisation: Organisation,
    known: Mapping[str, Round],
) -> Iterator[Given]:
    """Each answer of the file beside what is stored."""
    wanted = [name for name in dict.fromkeys(answers["round_id"]) if name in known]
    there = assessment_store.read_assessments(connection, organisation.units, round_ids=wanted)
    numbers = {(entry.round_id, entry.unit_id, entry.questionnaire_id): entry.id for entry in there}
    row: Any
    for row in answers.itertuples(index=False):
        key = (row.round_id, row.unit_id, row.questionnaire_id)
        number = numbers.get(key)
        stored = answer_store.read_answer(connection, number, row.question_id) if number else None
        fields = {name: getattr(row, name) or None for name in ANSWER_FIELDS}
        yield Given(key, row.question_id, answer_store.answer_from(fields), stored)


def _places(
    connection: Connection,
    catalogue: Catalogue,
    organisation: Organisation,
    rounds: Mapping[str, Round],
    known: Mapping[str, Round],
) -> dict[tuple[str, str, str], Place]:
    """Every assessment that there is, or would be in a new round."""
    found = {
        (entry.round_id, entry.unit_id, entry.questionnaire_id): Place(
            entry.version, entry.state, known[entry.round_id].is_over
        )
        for entry in assessment_store.read_assessments(connection, organisation.units)
    }
    for entry in rounds.values():
        if entry.id not in known:
            for round_id, unit, name, version in drafts_of(entry, catalogue, taking_part(organisation)):
                found[round_id, unit, name] = Place(version, AssessmentState.DRAFT, is_over=False)
    return found


def _answer_changes(
    catalogue: Catalogue,
    given: Sequence[Given],
    answers: pd.DataFrame,
    places: Mapping[tuple[str, str, str], Place],
    *,
    may_replace: bool,
) -> Iterator[Change]:
    nowhere = Place("", None, is_over=False)
    said = zip(answers["questionnaire_version"], answers["respondent_id"], strict=True)
    for entry, (version, respondent) in zip(given, said, strict=True):
        what = " · ".join((*entry.key, entry.question_id))
        if respondent:
            told = t("This is one person's answer; only the agreed one, without a respondent, is taken.")
            yield Change(Kind.ANSWER, what, Fate.CONFLICT, told)
            continue
        if broken := _broken_rule(catalogue, entry, version):
            yield Change(Kind.ANSWER, what, Fate.CONFLICT, broken)
            continue
        stored = entry.stored.answer if entry.stored else None
        yield answer_change(
            what, entry.answer, version, places.get(entry.key, nowhere), stored, may_replace=may_replace
        )


def _broken_rule(catalogue: Catalogue, entry: Given, version: str) -> str:
    """Which rule for answers of the workspace one of a file breaks, such as how long a text may be; '' for none."""
    question = catalogue.get(entry.key[2], version).answerable[entry.question_id]
    try:
        checked_answer(question, entry.answer)
    except ResponseError as error:
        return str(error)
    return ""
