"""A unit's scorecard as the plain values that its template draws: words and positions, computed nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from assessment.analysis.gaps import GapFinding, GapRow, RoundRoles
from assessment.analysis.peers import PeerFinding, PeerRow
from assessment.analysis.scorecard import Scorecard
from assessment.charts.words import SHORT_MARK, status_words, to_target_words
from assessment.exports import telling
from assessment.exports.pdf_text import cut
from assessment.i18n import count, decimal, t
from assessment.organisation import Round

#: The name of a unit in the sentences below the headline, which has it whole.
_UNIT_COLUMNS = 60
_HEADLINE_COLUMNS, _TITLE_COLUMNS, _CELL_COLUMNS, _GOAL_COLUMNS = 900, 70, 90, 240
#: So many questionnaires have room on a page, so many gates are ever listed.
_MOST_PANELS, _MOST_GATES = 6, 14


def scorecard_values(card: Scorecard, at: datetime, *, is_synthetic: bool) -> dict[str, Any]:
    """Everything that stands on the page."""
    title = card.round.name
    return {
        "title": cut(card.headline, _HEADLINE_COLUMNS),
        "subtitle": telling.subtitle(card, at, is_synthetic=is_synthetic),
        "keywords": [t("Readiness scorecard"), cut(card.label, _UNIT_COLUMNS), title],
        "mark": t("Synthetic data") if is_synthetic else "",
        "figures": [asdict(figure) for figure in telling.figures(card)],
        "charts": _charts(card),
        "gates": _gates(card),
        "moves": _moves(card),
        "method": " ".join(telling.method(card.questionnaires)) if card.questionnaires else "",
        "source": telling.source(card.questionnaires, title, is_synthetic=is_synthetic),
    }


def _charts(card: Scorecard) -> dict[str, Any]:
    """A panel for each questionnaire, those with the widest gaps where not all have room."""
    peers = {finding.questionnaire_reference: finding for finding in card.peers}
    widest = sorted(
        card.gaps, key=lambda finding: -max((row.gap or 0.0 for row in finding.told), default=-1.0)
    )
    shown = widest[:_MOST_PANELS] if len(widest) > _MOST_PANELS else list(card.gaps)
    placed = telling.placed(card.peers)
    scales = {finding.scale for finding in shown}
    return {
        "panels": [_panel(finding, peers.get(finding.questionnaire_reference)) for finding in shown],
        "legend": _legend(shown[0].rounds, placed=bool(placed)) if shown else [],
        "scale": _scale_words(next(iter(scales))) if len(scales) == 1 else "",
        "note": _panels_note(card, len(shown), placed),
        "none": "" if shown else t("Nothing is asked of this unit in this round."),
    }


def _panels_note(card: Scorecard, shown: int, placed: Sequence[PeerFinding]) -> str:
    """What isn't drawn, and why."""
    notes = []
    if shown < len(card.gaps):
        notes.append(t("The {n} questionnaires with the widest gaps of {all}.", n=shown, all=len(card.gaps)))
    if card.peers and not placed:
        notes.append(t("Others aren't shown: fewer than five have an accepted score."))
    return " ".join(notes)


def _panel(finding: GapFinding, peers: PeerFinding | None) -> dict[str, Any]:
    named = replace(finding, unit_label=cut(finding.unit_label, _UNIT_COLUMNS))
    beside = replace(peers, unit_label=named.unit_label) if peers and peers.has_others else None
    others = {row.dimension_id: row for row in beside.rows} if beside else {}
    low, high = _ends(finding)
    return {
        "title": cut(finding.questionnaire_title, _TITLE_COLUMNS),
        "told": [named.headline, *([beside.headline] if beside else [])],
        "low": low,
        "high": high,
        "marks": [[value, _number(value)] for value, _ in finding.scale],
        "scale": _scale_words(finding.scale),
        "head": [t("Dimension"), t("Level"), t("To target")],
        "rows": [_row(row, others.get(row.dimension_id)) for row in finding.rows],
        "rest": [_rest(len(finding.rows) - number) for number in range(len(finding.rows) + 1)],
    }


def _rest(left: int) -> str:
    if not left:
        return ""
    more = count(left, "more dimension")
    return t("and {more}, whose gap is smaller or can't be told", more=more)


def _ends(finding: GapFinding) -> tuple[float, float]:
    """The ends of the scale; wider where a score lies outside it."""
    values = [value for value, _ in finding.scale]
    for row in finding.rows:
        values += [v for v in (row.before, *row.during, row.now, row.target) if v is not None]
    return min(values), max(values)


def _scale_words(scale: Sequence[tuple[float, str]]) -> str:
    return " · ".join(f"{_number(value)} {cut(name, 24)}".rstrip() for value, name in scale)


def _number(value: float) -> str:
    return decimal(value, 0 if float(value).is_integer() else 1)


def _row(row: GapRow, other: PeerRow | None) -> dict[str, Any]:
    """One dimension: its marks, and beside them what is left to do and where the others are."""
    quartiles = other.others if other else None
    return {
        "title": cut(row.title, _TITLE_COLUMNS),
        "before": row.before,
        "during": list(row.during),
        "now": row.now,
        "target": row.target,
        "others": [quartiles.lower, quartiles.median, quartiles.upper] if quartiles else None,
        "outcome": _outcome(row),
        "wide": row.is_wide,
        "versus": _versus(other),
        "below": bool(other and other.is_below),
        "alt": _alt(row, other),
    }


def _outcome(row: GapRow) -> str:
    """What is left to do, with a mark where it is more than a level; or why nobody knows."""
    return f"{SHORT_MARK} {to_target_words(row)}" if row.is_wide else to_target_words(row)


def _versus(other: PeerRow | None) -> str:
    if other is None or other.difference is None:
        return ""
    return t("{difference} to median", difference=telling.away_words(other.difference))


def _alt(row: GapRow, other: PeerRow | None) -> str:
    """The marks in words, for those who don't see them."""
    told = [
        t("{level} before", level=decimal(row.before)) if row.before is not None else "",
        *(t("{level} during", level=decimal(value)) for value in row.during if value is not None),
        t("now {level}", level=decimal(row.now)) if row.now is not None else status_words(row.status),
        t("target {level}", level=decimal(row.target)) if row.target is not None else t("no target"),
    ]
    if other and (found := other.others):
        told.append(
            t(
                "others: middle half {lower} to {upper}, median {median}",
                lower=decimal(found.lower), upper=decimal(found.upper), median=decimal(found.median),
            )
        )  # fmt: skip
    return f"{cut(row.title, _TITLE_COLUMNS)}: {', '.join(filter(None, told))}"


def _legend(rounds: RoundRoles, *, placed: bool) -> list[dict[str, str]]:
    """What the marks are; those that nothing is drawn with are left out."""
    marks = [
        ("before", _role(t("Before"), [rounds.before]) if rounds.before else ""),
        ("during", _role(t("During"), rounds.during) if rounds.during else ""),
        ("now", _role(t("Now"), [rounds.now])),
        ("target", t("Target")),
        ("wide", t("More than one level to go")),
        ("others", t("Others: middle half and median") if placed else ""),
    ]
    return [{"mark": mark, "words": words} for mark, words in marks if words]


def _role(role: str, entries: Sequence[Round]) -> str:
    titles = ", ".join(cut(entry.name, 24) for entry in entries[:3])
    more = f" +{len(entries) - 3}" if len(entries) > 3 else ""
    return f"{role} ({titles}{more})"


def _gates(card: Scorecard) -> dict[str, Any]:
    """The gates of a first pilot, open hard ones first, with how many are left out whichever number is shown."""
    lines = telling.gate_lines(card)
    listed = lines[:_MOST_GATES]
    return {
        "title": t("Gates of a first pilot"),
        "counts": telling.gates_in_short(card.gates),
        "head": [t("Gate"), t("Kind"), t("Needs"), t("Found"), t("State")],
        "rows": [
            {"cells": [cut(line.question, _TITLE_COLUMNS), line.kind, line.needed, line.found, line.state], "open": line.is_open}
            for line in listed
        ],
        "rest": [_gates_left(card, number) for number in range(len(listed) + 1)],
        "none": "" if lines else t("No gate is asked of this unit in this round."),
        "hidden": " ".join(filter(None, [_hidden(card), telling.unseen_words(card)])),
    }  # fmt: skip


def _hidden(card: Scorecard) -> str:
    return t("Not shown to you yet: {names}.", names=cut(", ".join(card.hidden), 200)) if card.hidden else ""


def _gates_left(card: Scorecard, shown: int) -> str:
    """How many gates aren't listed, by their state."""
    left = card.gates[shown:]
    if not left:
        return ""
    return t("and {n} more: {counts}", n=len(left), counts=telling.gates_in_short(left))


def _moves(card: Scorecard) -> dict[str, Any]:
    return {
        "title": t("Next moves"),
        "head": [t("Step"), t("Lifts"), t("Effort"), t("Who"), t("Until"), t("State")],
        "rows": [
            {
                "step": cut(line.step, _CELL_COLUMNS + 20),
                "goal": cut(line.goal, _GOAL_COLUMNS),
                "cells": [cut(line.gain, _CELL_COLUMNS), line.effort, cut(line.who, 60), line.due, line.state],
            }
            for line in telling.move_lines(card.moves)
        ],
        "none": "" if card.moves else t("No move is advised: there is no score yet, or every target is reached."),
    }  # fmt: skip
