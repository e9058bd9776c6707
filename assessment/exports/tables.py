"""The tables of a data package, from one snapshot: what was asked and said in a stable order, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from assessment.exports.schemas import TABLES
from assessment.exports.snapshot import Snapshot


def package_tables(snapshot: Snapshot) -> dict[str, pd.DataFrame]:
    """Every table of `schemas.TABLES` by its name, in that order."""
    made = {
        "units": units_table(snapshot),
        "rounds": rounds_table(snapshot),
        "questionnaires": questionnaires_table(snapshot),
        "assessments": assessments_table(snapshot),
        "answers": answers_table(snapshot),
        "facts": facts_table(snapshot),
        "commitments": commitments_table(snapshot),
        "targets": targets_table(snapshot),
        "scores": snapshot.scores,
        "gates": snapshot.gates,
        "verdicts": snapshot.verdicts,
        "moves": snapshot.moves,
    }
    return {name: made[name][table.columns] for name, table in TABLES.items()}


def units_table(snapshot: Snapshot) -> pd.DataFrame:
    """The units and those above them, without which nobody knows where they belong."""
    units = snapshot.data.organisation.units
    shown = set(snapshot.units)
    for name in snapshot.units:
        while (name := units[name].parent_id or "") in units:
            shown.add(name)
    return _table(
        "units",
        (
            (unit.id, unit.name, str(unit.kind), unit.parent_id or "", unit.country_iso3, unit.domain_family)
            for unit in units.values()
            if unit.id in shown
        ),
    )


def rounds_table(snapshot: Snapshot) -> pd.DataFrame:
    return _table(
        "rounds",
        (
            (
                entry.id, entry.title, str(entry.phase or ""), str(entry.opens_on or ""), str(entry.closes_on or ""),
                entry.closed_at.isoformat() if entry.closed_at else "", entry.rules_version,
            )
            for entry in snapshot.rounds
        ),
    )  # fmt: skip


def questionnaires_table(snapshot: Snapshot) -> pd.DataFrame:
    """What each round pinned."""
    return _table(
        "questionnaires",
        (
            (entry.id, name, version, snapshot.data.catalogue.get(name, version).title)
            for entry in snapshot.rounds
            for name, version in sorted(entry.questionnaires.items())
        ),
    )


def assessments_table(snapshot: Snapshot) -> pd.DataFrame:
    rows = [
        (asked.round_id, asked.unit_id, asked.questionnaire_id, asked.version, str(asked.state or ""))
        for asked in snapshot.data.asked
    ]
    return _sorted(snapshot, _table("assessments", rows))


def answers_table(snapshot: Snapshot) -> pd.DataFrame:
    """The answers, with the kind of evidence that counts; questions as their version orders them."""
    answers = snapshot.data.answers
    pinned = set(zip(answers["questionnaire_id"], answers["questionnaire_version"], strict=True))
    place = {
        (name, question): number
        for name, version in sorted(pinned)
        for number, question in enumerate(snapshot.data.catalogue.get(name, version).answerable)
    }
    keys = zip(answers["questionnaire_id"], answers["question_id"], strict=True)
    return _sorted(snapshot, answers.assign(_within=[place[key] for key in keys]))


def facts_table(snapshot: Snapshot) -> pd.DataFrame:
    rows = [
        (round_id, unit_id, fact_id, _value(value))
        for round_id, known in snapshot.facts.items()
        for (unit_id, fact_id), value in known.items()
    ]
    return _sorted(snapshot, _table("facts", rows))


def commitments_table(snapshot: Snapshot) -> pd.DataFrame:
    """Every move that was taken on, also those that aren't advised any more."""
    rows = [
        (
            said.round_id, said.unit_id, said.questionnaire_id, said.question_id, str(said.content.state),
            said.content.owner, str(said.content.due_on or ""), said.content.note,
        )
        for said in snapshot.said
    ]  # fmt: skip
    return _sorted(snapshot, _table("commitments", rows))


def targets_table(snapshot: Snapshot) -> pd.DataFrame:
    rows = [
        (entry.round_id, entry.unit_id, entry.questionnaire_id, entry.dimension_id or "", entry.target)
        for entry in snapshot.data.targets
    ]
    return _sorted(snapshot, _table("targets", rows))


def _table(name: str, rows: Iterable[tuple[object, ...]]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=TABLES[name].columns)


def _sorted(snapshot: Snapshot, table: pd.DataFrame) -> pd.DataFrame:
    """The rows of the snapshot's rounds and units: by round in time, by unit as in units.csv, then by their own ids."""
    rounds = {entry.id: number for number, entry in enumerate(snapshot.rounds)}
    units = {name: number for number, name in enumerate(snapshot.data.organisation.units)}
    ours = table["round_id"].isin(list(rounds)) & table["unit_id"].isin(list(snapshot.units))
    placed = table[ours].assign(
        _round=lambda found: found["round_id"].map(rounds), _unit=lambda found: found["unit_id"].map(units)
    )
    within = [
        name
        for name in ("questionnaire_id", "_within", "question_id", "fact_id", "dimension_id")
        if name in placed
    ]
    return placed.sort_values(["_round", "_unit", *within]).reset_index(drop=True)


def _value(value: float | bool | str) -> str:
    """A fact as a text: true or false, a number that reads back to itself, or what was written."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else repr(float(value))
