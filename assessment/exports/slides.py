"""A scorecard as slides: one message each, tables and charts that can be edited, the source in the notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from assessment.analysis.gaps import GapFinding
from assessment.analysis.gates import Gate
from assessment.analysis.peers import PeerFinding
from assessment.analysis.scorecard import NextMove, Scorecard
from assessment.charts.theme import LIGHT
from assessment.charts.words import status_words
from assessment.exports import telling
from assessment.exports.deck import Bars, Cells, Deck
from assessment.exports.telling import Figure
from assessment.i18n import count, decimal, t

#: So many gates a slide has room for.
MOST_GATES = 11


def scorecard_slides(card: Scorecard, at: datetime, *, is_synthetic: bool) -> bytes:
    """The deck of one unit: who is ready, the gaps and the others of each questionnaire, gates, next moves, method."""
    title = card.round.name
    source = telling.source(card.questionnaires, title, is_synthetic=is_synthetic)
    deck = Deck(card.headline, at, source)
    subtitle = telling.subtitle(card, at, is_synthetic=is_synthetic)
    first_slide(deck, card.headline, subtitle, telling.figures(card))
    for finding in card.gaps:
        _gaps(deck, card, finding)
    for beside in telling.placed(card.peers):
        _others(deck, beside)
    if card.pilot is not None:
        _gates(deck, card, card.gates)
    if card.moves:
        _moves(deck, card, card.moves)
    method_slide(deck, telling.method(card.questionnaires))
    return deck.done()


def first_slide(deck: Deck, headline: str, subtitle: str, figures: Sequence[Figure], note: str = "") -> None:
    """The sentence to leave with, and four numbers side by side."""
    slide = deck.slide(headline, subtitle)
    for place, figure in enumerate(figures):
        left = 0.6 + place * 3.05
        deck.text(slide, figure.label, left, 2.4, 2.9, 0.5, size=13, colour=LIGHT.muted)
        deck.text(slide, figure.value, left, 2.9, 2.9, 0.8, size=30, bold=True)
        deck.text(slide, figure.note, left, 3.7, 2.9, 1.0, size=13)
    if note:
        deck.text(slide, note, 0.6, 5.2, 12.1, 0.9, size=12, colour=LIGHT.muted)


def method_slide(deck: Deck, lines: Sequence[str]) -> None:
    """How the numbers came about, for whoever asks."""
    slide = deck.slide(t("How the numbers came about"))
    deck.text(slide, "\n".join(f"• {line}" for line in lines), 0.6, 1.9, 12.1, 4.5, size=16)


def _gaps(deck: Deck, card: Scorecard, finding: GapFinding) -> None:
    """Before, now and target of each dimension; what isn't there is said below the headline."""
    missing = [f"{row.title} ({status_words(row.status)})" for row in finding.rows if row.now is None]
    untold = t("No score now: {names}", names=", ".join(missing)) if missing else ""
    slide = deck.slide(finding.headline, " · ".join(filter(None, [finding.subtitle, untold])))
    rows, roles = finding.rows, finding.rounds
    series = [
        *(
            [Bars(_before(roles.before.name), [row.before for row in rows], LIGHT.before)]
            if roles.before
            else []
        ),
        Bars(_now(card.round.name), [row.now for row in rows], LIGHT.now),
        Bars(t("Target"), [row.target for row in rows], LIGHT.target),
    ]
    least, most = telling.ends(finding.scale)
    deck.bars(slide, [row.title for row in rows], series, _gaps_alt(finding), least=least, most=most)


def _before(title: str) -> str:
    return t("Before ({round})", round=title)


def _now(title: str) -> str:
    return t("Now ({round})", round=title)


def _gaps_alt(finding: GapFinding) -> str:
    def told() -> Iterator[str]:
        for row in finding.rows:
            score, gap = telling.score_words(row), telling.gap_words(row)
            yield t("{dimension} {score}, gap {gap}", dimension=row.title, score=score, gap=gap)

    return t("{headline}. {rows}.", headline=finding.headline, rows="; ".join(told()))


def _others(deck: Deck, finding: PeerFinding) -> None:
    """The own score beside the middle half of the others, as a table: a bar would look like one of them."""
    slide = deck.slide(finding.headline, finding.subtitle)
    heads = (
        t("Dimension"), t("Own"), t("Lower quartile"), t("Median"), t("Upper quartile"), t("To the median"), t("Others"),
    )  # fmt: skip
    rows = []
    for row in finding.rows:
        found = row.others
        own = status_words(row.status) if row.own is None else decimal(row.own)
        quartiles = (
            [decimal(value) for value in (found.lower, found.median, found.upper)] if found else ["–"] * 3
        )
        away = "–" if row.difference is None else telling.away_words(row.difference)
        others = str(found.others) if found else t("fewer than five")
        rows.append((row.title, own, *quartiles, away, others))
    deck.table(slide, Cells(heads, rows, (3.4, 1.6, 1.2, 1.2, 1.2, 1.2, 1.2)), finding.headline)


def _gates(deck: Deck, card: Scorecard, gates: Sequence[Gate]) -> None:
    """The gates that are open, hard ones first; where none is, those that are never waived."""
    lines = telling.gate_lines(card)
    opened = [line for line in lines if line.is_open]
    shown = (opened or lines)[:MOST_GATES]
    title = card.readiness or t("{unit}: {gates}", unit=card.label, gates=telling.gates_in_short(gates))
    told = _how_many(len(shown), len(opened), telling.gates_in_short(gates))
    slide = deck.slide(title, " ".join(filter(None, [told, telling.unseen_words(card)])))
    heads = (t("Gate"), t("Kind"), t("Needed"), t("Found"), t("State"))
    rows = [(line.question, line.kind, line.needed, line.found, line.state) for line in shown]
    deck.table(
        slide,
        Cells(heads, rows, (3.6, 1.1, 0.9, 2.6, 3.2)),
        t("Gates of a first pilot: {title}", title=title),
    )


def _how_many(shown: int, opened: int, counts: str) -> str:
    if opened > shown:
        return t(
            "All gates: {counts}. The {n} that come first of {all} open.", counts=counts, n=shown, all=opened
        )
    return t("All gates: {counts}.", counts=counts)


def _moves(deck: Deck, card: Scorecard, moves: Sequence[NextMove]) -> None:
    """The next moves with who does what until when."""
    owned = sum(entry.taken_on is not None for entry in moves)
    title = t(
        "{unit}: {owned} of the {moves} that lift the score most for their effort {verb} taken on",
        unit=card.label, owned=owned, moves=count(len(moves), "move"), verb=t("is") if owned == 1 else t("are"),
    )  # fmt: skip
    slide = deck.slide(title, t("Advice, not a verdict: prerequisites come first."))
    heads = (t("Step"), t("What is true then"), t("Gain"), t("Effort"), t("Who"), t("Until"), t("State"))
    lines = telling.move_lines(moves)
    rows = [(line.step, line.goal, line.gain, line.effort, line.who, line.due, line.state) for line in lines]
    deck.table(slide, Cells(heads, rows, (2.6, 4.0, 2.0, 1.0, 1.6, 1.2, 1.3)), title)
