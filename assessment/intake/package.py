"""A data package → everything that was in the workspace that it came from, but its history."""

from __future__ import annotations

import io
import json
import lzma
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypedDict

import pandas as pd

from assessment import errors
from assessment.errors import IntakeError, Problem
from assessment.exports.package import DESCRIPTION, digest
from assessment.intake import package_tables as tables
from assessment.intake.answers import read_answers
from assessment.intake.bundle import Collector
from assessment.intake.rounds import read_rounds
from assessment.intake.targets import read_targets
from assessment.intake.units import read_units
from assessment.organisation import Organisation, Round, Target
from assessment.questionnaire.catalogue import Catalogue
from assessment.responses import (
    Answer,
    AnswerState,
    AssessmentState,
    Confidence,
    EvidenceKind,
    RecordedAnswer,
    RecordedAssessment,
)
from assessment.statements import RecordedStatement

MAX_UNPACKED = 500_000_000
#: What is read; the package's other files follow from these.
_READ = ("units", "rounds", "questionnaires", "assessments", "answers", "facts", "commitments", "targets")
#: What an archive ends with that is cut, damaged, locked, or packed as nobody does.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, EOFError, ValueError, OSError,
)  # fmt: skip
#: The steps that lead to a state; when each was taken isn't in a package.
_STEPS: Mapping[AssessmentState, tuple[AssessmentState, ...]] = {
    AssessmentState.DRAFT: (),
    AssessmentState.SUBMITTED: (AssessmentState.SUBMITTED,),
    AssessmentState.RETURNED: (AssessmentState.SUBMITTED, AssessmentState.RETURNED),
    AssessmentState.ACCEPTED: (AssessmentState.SUBMITTED, AssessmentState.ACCEPTED),
    AssessmentState.CLOSED: (AssessmentState.SUBMITTED, AssessmentState.ACCEPTED, AssessmentState.CLOSED),
}


class _There(TypedDict):
    """What answers and targets may name."""

    organisation: Organisation
    rounds: Mapping[str, Round]


@dataclass(frozen=True)
class Package:
    """A workspace as a package tells it: who was asked what in which round, and what they said."""

    organisation: Organisation
    rounds: tuple[Round, ...]
    targets: tuple[Target, ...]
    assessments: tuple[RecordedAssessment, ...]
    statements: tuple[RecordedStatement, ...]
    is_synthetic: bool


def read_package(content: bytes, source: str, catalogue: Catalogue, at: datetime) -> Package:
    """The workspace in a data package; `at` is when what it has no time for happened.

    Raises:
        IntakeError: It isn't a package as it was exported, or the catalogue hasn't what it asks: every problem.
    """
    files = _unpacked(content, source)
    told = _checked(files, source)
    organisation, rounds = _frame(files)
    known, collector = tables.Known(catalogue, organisation, rounds), Collector()
    there: _There = {"organisation": organisation, "rounds": rounds}
    pins = collector.attempt(lambda: tables.read_pins(files["questionnaires"], known))
    asked = collector.attempt(lambda: tables.read_asked(files["assessments"], known))
    answers = collector.attempt(
        lambda: read_answers(files["answers"], "answers.csv", catalogue, exact=True, **there)
    )
    targets = collector.attempt(lambda: read_targets(files["targets"], "targets.csv", catalogue, **there))
    facts = collector.attempt(lambda: tables.read_known_facts(files["facts"], known, at))
    moves = collector.attempt(lambda: tables.read_commitments(files["commitments"], known, at))
    if pins is None or asked is None or answers is None or targets is None or facts is None or moves is None:
        raise IntakeError(collector.problems)
    _require_agreement(pins, asked, answers)
    return Package(
        organisation,
        tuple(replace(entry, questionnaires=pins.get(entry.id, {})) for entry in rounds.values()),
        targets,
        tuple(_recorded(asked, answers, at)),
        (*facts, *moves),
        bool(told.get("synthetic")),
    )


def _frame(files: Mapping[str, bytes]) -> tuple[Organisation, dict[str, Round]]:
    """The units and the rounds, without which no other file can be judged."""
    collector = Collector()
    organisation = collector.attempt(lambda: read_units(files["units"], "units.csv"))
    rounds = collector.attempt(lambda: read_rounds(files["rounds"], "rounds.csv"))
    if organisation is None or rounds is None:
        raise IntakeError(collector.problems)
    return organisation, rounds


def _unpacked(content: bytes, source: str) -> dict[str, bytes]:
    """The files that are read, by the name of their table."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
            if size > MAX_UNPACKED:
                raise IntakeError([errors.PACKAGE_TOO_LARGE.at(source, 0, size=size, limit=MAX_UNPACKED)])
            names = {name: f"{name}.csv" for name in _READ} | {DESCRIPTION: DESCRIPTION}
            missing = [file for file in names.values() if file not in archive.namelist()]
            if missing:
                raise IntakeError(errors.PACKAGE_INCOMPLETE.at(source, 0, file=file) for file in missing)
            return {name: archive.read(file) for name, file in names.items()}
    except _BROKEN as error:
        raise IntakeError([errors.PACKAGE_BROKEN.at(source, 0, reason=str(error).rstrip("."))]) from None


def _checked(files: Mapping[str, bytes], source: str) -> Mapping[str, Any]:
    """The description, once every file is what it says."""
    try:
        told = json.loads(files[DESCRIPTION])
        hashes = {str(entry["name"]): str(entry["hash"]) for entry in told["resources"]}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        reason = f"{DESCRIPTION} can't be read ({type(error).__name__})"
        raise IntakeError([errors.PACKAGE_BROKEN.at(source, 0, reason=reason)]) from None
    problems = [
        errors.PACKAGE_CHANGED.at(f"{name}.csv", 0)
        for name in _READ
        if hashes.get(name) != digest(files[name])
    ]
    if problems:
        raise IntakeError(problems)
    return dict(told)


def _require_agreement(pins: tables.Pins, asked: tables.AskedIn, answers: pd.DataFrame) -> None:
    """Every assessment is of what its round pins, and every answer of an assessment."""
    problems: list[Problem] = [
        errors.PACKAGE_DISAGREES.at(
            "assessments.csv", 0, what=f"{name}@{version} in '{round_id}'", file="questionnaires.csv"
        )
        for (round_id, _, name), (version, _) in asked.items()
        if pins.get(round_id, {}).get(name) != version
    ]
    columns = ("round_id", "unit_id", "questionnaire_id", "questionnaire_version")
    given = dict.fromkeys(zip(*(answers[column] for column in columns), strict=True))
    problems += [
        errors.PACKAGE_DISAGREES.at("answers.csv", 0, what=f"{name}@{version} of '{unit}' in '{round_id}'", file="assessments.csv")
        for round_id, unit, name, version in given
        if asked.get((round_id, unit, name), ("",))[0] != version
    ]  # fmt: skip
    if problems:
        raise IntakeError(problems)


def _recorded(asked: tables.AskedIn, answers: pd.DataFrame, at: datetime) -> Iterator[RecordedAssessment]:
    given: dict[tuple[str, str, str], list[RecordedAnswer]] = {}
    row: Any
    for row in answers.itertuples(index=False):
        given.setdefault((row.round_id, row.unit_id, row.questionnaire_id), []).append(_answer(row, at))
    for key, (version, state) in asked.items():
        steps = tuple((step, at, "") for step in _STEPS[state])
        yield RecordedAssessment(*key, version, steps, tuple(given.get(key, ())))


def _answer(row: Any, at: datetime) -> RecordedAnswer:
    answer = Answer(
        AnswerState(row.state),
        row.value or None,
        reason=row.reason,
        confidence=Confidence(row.confidence) if row.confidence else None,
        evidence_kind=EvidenceKind(row.evidence_kind or EvidenceKind.NONE),
        evidence_ref=row.evidence_ref,
        comment=row.comment,
    )
    return RecordedAnswer(
        row.question_id, answer, datetime.fromisoformat(row.answered_at) if row.answered_at else at
    )
