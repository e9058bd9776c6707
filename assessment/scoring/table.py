"""Answers of any number of units and rounds → the score table: one row per round, unit, basis and node."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import pandas as pd

from assessment.organisation import Organisation, Round, Target, Unit, in_time, target_for, targets_by_key
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.models import Questionnaire
from assessment.questionnaire.numbering import version_key
from assessment.responses import moments
from assessment.scoring.asked import Asked
from assessment.scoring.codes import RowKey, agreed_answers, answers_to, encode
from assessment.scoring.domains import domain_rows
from assessment.scoring.engine import NodeScores, score_nodes
from assessment.scoring.levels import level_of
from assessment.scoring.plan import Plan, plan_for

#: The columns of scores.csv, in their order; adding one is a minor change, renaming one a major.
SCORE_COLUMNS = (
    "schema_version", "round_id", "round_phase", "unit_id", "unit_name", "unit_kind", "country_iso3",
    "domain_family", "basis", "questionnaire_id", "questionnaire_version", "dimension_id", "parent_dimension_id",
    "dimension_title", "status", "score", "level", "secured_level", "blocking_question_id", "score_low",
    "score_high", "supported_score", "coverage", "questions", "answered", "not_applicable", "dont_know",
    "unanswered", "target", "gap", "assessment_state", "as_of",
)  # fmt: skip
SCHEMA_VERSION = "1"
#: Two of three questions must reach a least coverage that is written as 0.6667.
COVERAGE_TOLERANCE = 1e-4
#: In memory only: the unit that holds the secured level back (of a country's domains, the lowest).
BLOCKING_UNIT = "blocking_unit_id"


class Basis(StrEnum):
    """Whose answers a country's row rests on: its own, or its domains'."""

    OWN = "own"
    DOMAINS = "domains"


class ScoreStatus(StrEnum):
    """Whether there is a score, and if not, why."""

    SCORED = "scored"
    PROVISIONAL = "provisional"
    WITHHELD = "withheld"
    NOT_APPLICABLE = "not_applicable"
    NOT_ANSWERED = "not_answered"


@dataclass(frozen=True)
class ScoringInput:
    """Everything that a score depends on; `answers` has `ANSWER_COLUMNS` and was checked."""

    catalogue: Catalogue
    organisation: Organisation
    rounds: Mapping[str, Round]
    answers: pd.DataFrame
    asked: Sequence[Asked]
    targets: Sequence[Target] = ()


def together(parts: Sequence[ScoringInput]) -> ScoringInput:
    """What was read round by round as one input; at least one part, all of one organisation."""
    return replace(
        parts[0],
        answers=pd.concat([part.answers for part in parts], ignore_index=True),
        asked=[asked for part in parts for asked in part.asked],
    )


def of_units(data: ScoringInput, unit_ids: Collection[str]) -> ScoringInput:
    """The same with these units' assessments only."""
    answers = data.answers[data.answers["unit_id"].isin(list(unit_ids))]
    return replace(data, answers=answers, asked=[entry for entry in data.asked if entry.unit_id in unit_ids])


def score_table(data: ScoringInput) -> pd.DataFrame:
    """Scores of every assessment in `data.asked`, with `SCORE_COLUMNS` and `BLOCKING_UNIT`.

    One row per round, unit, basis, questionnaire and node with something asked of that unit, ordered by round in
    time, unit in the organisation's tree, basis, questionnaire and the questionnaire's own order. `score`, `level`,
    `supported_score` and `gap` are NaN unless `status` is scored or provisional; nothing is rounded.
    """
    answers = agreed_answers(data.answers)
    parts = [_own_rows(data, answers, *group) for group in _groups(data)]
    own = pd.concat(parts, ignore_index=True) if parts else _empty()
    both = pd.concat([own, domain_rows(own, data.organisation)], ignore_index=True)
    return _with_gaps(_ordered(both, data), data)


def _groups(data: ScoringInput) -> Iterable[tuple[Plan, list[Asked]]]:
    """Assessments that share a plan: one questionnaire version and one kind of unit."""
    groups: dict[tuple[str, str, str], list[Asked]] = {}
    for asked in data.asked:
        kind = data.organisation.units[asked.unit_id].kind
        groups.setdefault((asked.questionnaire_id, asked.version, kind), []).append(asked)
    for (identifier, version, of_kind), members in groups.items():
        plan = plan_for(data.catalogue.get(identifier, version), of_kind)
        if plan is not None:
            yield plan, members


def _own_rows(data: ScoringInput, answers: pd.DataFrame, plan: Plan, members: list[Asked]) -> pd.DataFrame:
    questionnaire = plan.questionnaire
    mine = answers_to(answers, questionnaire.id, questionnaire.version)
    keys: list[RowKey] = [(asked.round_id, asked.unit_id) for asked in members]
    coded = encode(plan, mine, keys)
    scores = score_nodes(plan, coded.codes, coded.caps)
    nodes = len(plan.nodes)
    frame = pd.DataFrame(
        {
            **{column: np.repeat(values, nodes) for column, values in _who(data, mine, members).items()},
            "questionnaire_id": questionnaire.id,
            "questionnaire_version": questionnaire.version,
            **{column: np.tile(values, len(members)) for column, values in _what(plan).items()},
            **_numbers(plan, scores),
        }
    )
    frame[BLOCKING_UNIT] = frame["unit_id"].where(frame["blocking_question_id"].ne(""), "")
    return frame


def _who(data: ScoringInput, answers: pd.DataFrame, members: list[Asked]) -> dict[str, np.ndarray]:
    """The columns that say whose row it is, one value per assessment."""
    units = [data.organisation.units[asked.unit_id] for asked in members]
    rounds = [data.rounds[asked.round_id] for asked in members]
    in_time = answers.assign(_moment=moments(answers["answered_at"])).dropna(subset="_moment")
    latest = (
        in_time.sort_values(["_moment", "answered_at"], kind="stable")
        .groupby(["round_id", "unit_id"])["answered_at"]
        .last()
        .to_dict()
    )
    columns: dict[str, list[str]] = {
        "schema_version": [SCHEMA_VERSION] * len(members),
        "round_id": [asked.round_id for asked in members],
        "round_phase": [entry.phase or "" for entry in rounds],
        "unit_id": [unit.id for unit in units],
        "unit_name": [unit.name for unit in units],
        "unit_kind": [unit.kind for unit in units],
        "country_iso3": [unit.country_iso3 for unit in units],
        "domain_family": [unit.domain_family for unit in units],
        "basis": [Basis.OWN] * len(members),
        "assessment_state": [asked.state or "" for asked in members],
        "as_of": [
            latest.get((entry.id, unit.id)) or (entry.closes_on.isoformat() if entry.closes_on else "")
            for entry, unit in zip(rounds, units, strict=True)
        ],
    }
    return {
        column: np.array([str(value) for value in values], dtype=object) for column, values in columns.items()
    }


def _what(plan: Plan) -> dict[str, np.ndarray]:
    """The columns that say which node it is, one value per node."""
    whole = plan.questionnaire.title
    columns = {
        "dimension_id": [node.id or "" for node in plan.nodes],
        "parent_dimension_id": [node.parent_id or "" for node in plan.nodes],
        "dimension_title": [node.dimension.title if node.dimension else whole for node in plan.nodes],
        "_node": list(range(len(plan.nodes))),
    }
    return {column: np.array(values, dtype=object) for column, values in columns.items()}


def _numbers(plan: Plan, scores: NodeScores) -> dict[str, np.ndarray]:
    status = _status(plan.questionnaire, scores)
    shown = np.isin(status, [ScoreStatus.SCORED, ScoreStatus.PROVISIONAL])
    level = np.where(shown & plan.has_levels, level_of(scores.score), np.nan)
    supported = np.where(shown & plan.has_levels, scores.supported, np.nan)
    blockers = np.array([*(question.id for question in plan.questions), ""], dtype=object)[scores.blocker]
    matrices = {
        "status": status, "score": np.where(shown, scores.score, np.nan), "level": level,
        "secured_level": scores.secured, "blocking_question_id": blockers, "score_low": scores.low,
        "score_high": scores.high, "supported_score": supported, "coverage": scores.coverage,
        "questions": scores.questions, "answered": scores.answered, "not_applicable": scores.not_applicable,
        "dont_know": scores.dont_know, "unanswered": scores.unanswered,
    }  # fmt: skip
    return {column: matrix.reshape(-1) for column, matrix in matrices.items()}


def _status(questionnaire: Questionnaire, scores: NodeScores) -> np.ndarray:
    applicable = ~np.isnan(scores.coverage)
    known = scores.answered + scores.dont_know > 0
    least = questionnaire.scoring.minimum_coverage
    conditions = [
        ~applicable,
        ~known | np.isnan(scores.score),
        scores.coverage < least - COVERAGE_TOLERANCE,
        scores.coverage < 1 - 1e-12,
    ]
    outcomes = [
        ScoreStatus.NOT_APPLICABLE,
        ScoreStatus.NOT_ANSWERED,
        ScoreStatus.WITHHELD,
        ScoreStatus.PROVISIONAL,
    ]
    return np.select(conditions, [str(outcome) for outcome in outcomes], str(ScoreStatus.SCORED)).astype(
        object
    )


def _ordered(frame: pd.DataFrame, data: ScoringInput) -> pd.DataFrame:
    rounds = {entry.id: place for place, entry in enumerate(in_time(data.rounds.values()))}
    units = {unit: place for place, unit in enumerate(data.organisation.units)}
    references = sorted({(a.questionnaire_id, version_key(a.version)) for a in data.asked})
    versions = {reference: place for place, reference in enumerate(references)}
    keys = pd.DataFrame(
        {
            "round": frame["round_id"].map(rounds),
            "unit": frame["unit_id"].map(units),
            "basis": frame["basis"].eq(Basis.DOMAINS),
            "version": [
                versions[identifier, version_key(version)]
                for identifier, version in zip(
                    frame["questionnaire_id"], frame["questionnaire_version"], strict=True
                )
            ],
            "node": frame["_node"].astype(int),
        },
        index=frame.index,
    )
    order = keys.sort_values(["round", "unit", "basis", "version", "node"], kind="stable").index
    return frame.loc[order].reset_index(drop=True)


def _with_gaps(frame: pd.DataFrame, data: ScoringInput) -> pd.DataFrame:
    wanted = targets_by_key(data.targets)

    def target(unit: Unit, round_id: str, questionnaire: str, dimension: str) -> float:
        value = target_for(wanted, unit, round_id, questionnaire, dimension or None)
        return np.nan if value is None else value

    keys = zip(
        frame["unit_id"], frame["round_id"], frame["questionnaire_id"], frame["dimension_id"], strict=True
    )
    frame["target"] = np.array(
        [target(data.organisation.units[u], r, q, d) for u, r, q, d in keys], dtype=float
    )
    frame["gap"] = (frame["target"] - frame["score"]).clip(lower=0)
    return frame[[*SCORE_COLUMNS, BLOCKING_UNIT]]


def present(value: object) -> float | None:
    """A number of the score table; None where the table has none."""
    return None if value is None or pd.isna(value) else float(value)  # type: ignore[call-overload, arg-type]


def _empty() -> pd.DataFrame:
    return pd.DataFrame(
        {column: pd.Series(dtype=object) for column in [*SCORE_COLUMNS, BLOCKING_UNIT, "_node"]}
    )
