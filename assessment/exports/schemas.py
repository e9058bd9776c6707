"""What every column of a data package means, as data: types, units, keys and constraints (Data Package, version 1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assessment.analysis.gates import GateState, StageName, Verdict
from assessment.organisation import Phase
from assessment.questionnaire.models import UnitKind
from assessment.responses import AnswerState, AssessmentState, Confidence, EvidenceKind
from assessment.scoring.table import Basis, ScoreStatus
from assessment.statements import MoveState


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its type as the standard calls it, what it means, and what every value of it keeps to."""

    name: str
    type: str
    description: str
    constraints: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """One file: what a row is, its columns in their order, and which of them name rows of other tables.

    `key` tells its rows apart; () where nothing does.
    """

    row: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    refers: Mapping[tuple[str, ...], str]

    @property
    def columns(self) -> list[str]:
        return [field.name for field in self.fields]

    @property
    def required(self) -> list[str]:
        """The columns that are never empty."""
        return [field.name for field in self.fields if field.constraints.get("required")]


def _text(name: str, description: str, *, required: bool = False, among: Sequence[Any] = ()) -> Field:
    constraints: dict[str, Any] = {"required": True} if required else {}
    if among:
        constraints["enum"] = [str(value) for value in among]
    return Field(name, "string", description, constraints)


def _whole(
    name: str, description: str, *, required: bool = False, least: int = 0, most: int | None = None
) -> Field:
    limits: dict[str, Any] = {"minimum": least} | ({} if most is None else {"maximum": most})
    return Field(name, "integer", description, {"required": True, **limits} if required else limits)


def _number(name: str, description: str, least: float | None = None, most: float | None = None) -> Field:
    limits = {"minimum": least, "maximum": most}
    return Field(
        name, "number", description, {key: value for key, value in limits.items() if value is not None}
    )


_ROUND = _text("round_id", "The round, as in rounds.csv.", required=True)
_UNIT = _text("unit_id", "The unit, as in units.csv.", required=True)
_QUESTIONNAIRE = _text("questionnaire_id", "The questionnaire.", required=True)
_VERSION = _text("questionnaire_version", "Its version.", required=True)
_QUESTION = _text("question_id", "The question, permanent over versions.", required=True)


def _state(*, required: bool) -> Field:
    words = "Where the assessment is between its unit and the reviewer."
    return _text("assessment_state", words, required=required, among=[*AssessmentState])


_POINTS = "in points of the questionnaire's scale"
_Refers = dict[tuple[str, ...], str]
_TO_ROUND: _Refers = {("round_id",): "rounds"}
_TO_BOTH: _Refers = {("unit_id",): "units", **_TO_ROUND}
_ASKED = ("round_id", "unit_id", "questionnaire_id")
_TO_ASSESSMENT: _Refers = {_ASKED: "assessments"}

TABLES: Mapping[str, Table] = {
    "units": Table(
        "a unit, each country followed by its domains",
        (
            _UNIT,
            _text("name", "What people call it.", required=True),
            _text("kind", "What it is.", required=True, among=[*UnitKind]),
            _text("parent_id", "The unit above it; empty at the top."),
            _text("country_iso3", "ISO 3166-1 alpha-3; empty: not said."),
            _text("domain_family", "The same business domain across countries; empty: none."),
        ),
        ("unit_id",),
        {},
    ),
    "rounds": Table(
        "a round, in time",
        (
            _ROUND,
            _text("title", "What people call it.", required=True),
            _text("phase", "Where the group stands in its adoption; empty: not said.", among=[*Phase]),
            Field("opens_on", "date", "Empty: not said.", {}),
            Field("closes_on", "date", "What people were told; empty: not said.", {}),
            _text("closed_at", "When somebody closed it, ISO 8601; empty: it is open."),
            _text("rules_version", "The version of the rules for verdicts that it pinned; empty: none."),
        ),
        ("round_id",),
        {},
    ),
    "questionnaires": Table(
        "a questionnaire that a round asks",
        (_ROUND, _QUESTIONNAIRE, _VERSION, _text("title", "Its title.", required=True)),
        ("round_id", "questionnaire_id"),
        _TO_ROUND,
    ),
    "assessments": Table(
        "a questionnaire that a unit was asked in a round, answered or not",
        (_ROUND, _UNIT, _QUESTIONNAIRE, _VERSION, _state(required=True)),
        _ASKED,
        _TO_BOTH,
    ),
    "answers": Table(
        "an answer; a missing row is an unanswered question, or one of an assessment that its unit hasn't sent",
        (
            _ROUND, _UNIT, _QUESTIONNAIRE, _VERSION, _QUESTION,
            _text("state", "What kind of answer.", required=True, among=[*AnswerState]),
            _text("value", "The level, or the option's id; empty unless answered."),
            _text("reason", "Why it doesn't apply; empty unless it doesn't."),
            _text("confidence", "How sure its author was; empty: not said.", among=[*Confidence]),
            _text("evidence_kind", "What backs it, as a reviewer found where one looked; empty: none.", among=[*EvidenceKind]),
            _text("evidence_ref", "A link or a reference."),
            _text("comment", "Free text."),
            _text("respondent_id", "Empty: the agreed answer."),
            _text("answered_at", "ISO 8601."),
        ),
        ("round_id", "unit_id", "questionnaire_id", "question_id", "respondent_id"),
        _TO_ASSESSMENT,
    ),
    "facts": Table(
        "something known of a unit beside its answers; a missing row is unknown",
        (
            _ROUND, _UNIT, _text("fact_id", "As in questionnaires/facts.yaml.", required=True),
            _text("value", "A number, a share from 0 to 1, true or false, or a text, as the fact says.", required=True),
        ),
        ("round_id", "unit_id", "fact_id"),
        _TO_BOTH,
    ),
    "commitments": Table(
        "a move that a unit took on, as it last said in that round",
        (
            _ROUND, _UNIT, _QUESTIONNAIRE, _QUESTION,
            _text("state", "How far it is.", required=True, among=[*MoveState]),
            _text("owner", "Who does it."), Field("due_on", "date", "Until when.", {}), _text("note", "Free text."),
        ),
        ("round_id", "unit_id", "questionnaire_id", "question_id"),
        _TO_BOTH,
    ),
    "targets": Table(
        "a target; a domain without one takes its country's",
        (
            _ROUND, _UNIT, _QUESTIONNAIRE, _text("dimension_id", "Empty: the whole questionnaire."),
            Field("target", "number", f"The score that is wanted, {_POINTS}.", {"required": True}),
        ),
        ("round_id", "unit_id", "questionnaire_id", "dimension_id"),
        _TO_BOTH,
    ),
    "scores": Table(
        "a unit's dimension, or whole questionnaire, on one basis",
        (
            _text("schema_version", "Of this table.", required=True), _ROUND,
            _text("round_phase", "Before or during adoption; empty: not said.", among=[*Phase]),
            _UNIT, _text("unit_name", "What people call it.", required=True),
            _text("unit_kind", "What it is.", required=True, among=[UnitKind.COUNTRY, UnitKind.DOMAIN]),
            _text("country_iso3", "Empty: not said."), _text("domain_family", "Empty: none, or a country."),
            _text("basis", "Its own answers, or the mean of its domains.", required=True, among=[*Basis]),
            _QUESTIONNAIRE, _VERSION, _text("dimension_id", "Empty: the whole questionnaire."),
            _text("parent_dimension_id", "Empty: at the top, or the whole."),
            _text("dimension_title", "The questionnaire's title where it is the whole.", required=True),
            _text("status", "Whether there is a score, and if not, why.", required=True, among=[*ScoreStatus]),
            _number("score", f"{_POINTS}; empty unless scored or provisional."),
            _whole("level", "The whole level reached; empty without score or levels."),
            _whole("secured_level", "The highest level that every question has reached; empty: not yet, or no levels."),
            _text("blocking_question_id", "What keeps the next level from being secured."),
            _number("score_low", f"{_POINTS}, with every unknown at the lowest."),
            _number("score_high", f"{_POINTS}, with every unknown at the highest."),
            _number("supported_score", f"{_POINTS}, counting what evidence carries."),
            _number("coverage", "Weight answered of weight applicable.", 0, 1),
            *(
                _whole(name, f"How many {words}.", required=True)
                for name, words in {
                    "questions": "questions have weight", "answered": "of them are answered",
                    "not_applicable": "don't apply", "dont_know": "nobody knows", "unanswered": "have no answer",
                }.items()
            ),
            _number("target", f"{_POINTS}; empty: none was set."),
            _number("gap", f"{_POINTS}; empty without score or target.", 0), _state(required=False),
            _text("as_of", "The latest answer, else the round's closing day; ISO 8601."),
        ),
        ("round_id", "unit_id", "basis", "questionnaire_id", "questionnaire_version", "dimension_id"),
        _TO_BOTH,
    ),
    "gates": Table(
        "a gate of a unit at a stage",
        (
            _ROUND, _UNIT, _text("stage", "What it lets pass.", required=True, among=[*StageName]),
            _text("questionnaire_id", "Empty: it is about a risk."), _QUESTION,
            _whole("needed_level", "The least level.", required=True, least=1),
            Field("hard", "boolean", "Whether it is never waived.", {"required": True}),
            _text("source_unit_id", "Whose answer was read; empty: nobody's."),
            _whole("claimed_level", "Empty: there is no level.", least=1),
            _whole("supported_level", "What its evidence carries.", least=1),
            _text("state", "Whether it is passed, and if not, why.", required=True, among=[*GateState]),
        ),
        # Several domains at high risk may have the same worst answer, which is their country's.
        (),
        _TO_BOTH,
    ),
    "verdicts": Table(
        "what a unit's gates come to at a stage",
        (
            _ROUND, _UNIT, _text("stage", "As in gates.csv.", required=True, among=[*StageName]),
            _text("verdict", "Whether it is ready.", required=True, among=[*Verdict]),
            _whole("hard_gates", "How many gates are never waived.", required=True),
            _whole("hard_met", "How many of them are met on evidence.", required=True),
            _text("blocking_question_ids", "The questions of all open gates, hard ones first, with spaces between."),
        ),
        ("round_id", "unit_id", "stage"),
        _TO_BOTH,
    ),
    "moves": Table(
        "a next move of a unit in the latest round, in the order to make them",
        (
            _ROUND, _UNIT, _QUESTION, _whole("from_level", "The answer now.", required=True, least=1),
            _whole("to_level", "The next.", required=True, least=1),
            _number("gain", "Of the whole questionnaire's score, given the moves before."),
            _whole("effort", "1 small, 2 medium, 3 large.", required=True, least=1, most=3),
            _text("requires", "Questions that move with it, with spaces between."),
            _text("owner", "Who does it; empty: nobody took it on."), Field("due_on", "date", "Until when.", {}),
            _text("state", "How far it is; empty: nobody took it on.", among=[*MoveState]),
        ),
        ("round_id", "unit_id", "question_id"),
        _TO_BOTH,
    ),
}  # fmt: skip
