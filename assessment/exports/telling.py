"""The words and figures of a scorecard or a board pack, as Excel, PDF and slides print them alike.

Texts are as people typed them: making them harmless is the work of whoever writes a format.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from assessment.analysis.board_pack import BoardPack
from assessment.analysis.commitments import Commitment, standing
from assessment.analysis.gaps import GapFinding, GapRow
from assessment.analysis.gates import Gate
from assessment.analysis.in_short import gate_counts
from assessment.analysis.peers import PeerFinding
from assessment.analysis.scorecard import NextMove, Numbers, Scorecard
from assessment.charts.commitments import standing_words
from assessment.charts.words import gate_words, move_state_words, state_words, status_words, verdict_words
from assessment.i18n import count, day, decimal, joined, percent, t
from assessment.questionnaire.models import Aggregate, Missing, Questionnaire, UnitKind


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with what it is and what it rests on."""

    label: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class GateLine:
    """One gate of a first pilot; `state` says with a sign and in words whether it is passed."""

    question: str
    kind: str
    needed: str
    found: str
    state: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class MoveLine:
    """One next move; `who` and `due` are dashes where nobody took it on."""

    step: str
    goal: str
    gain: str
    effort: str
    who: str
    due: str
    state: str


def figures(card: Scorecard) -> tuple[Figure, ...]:
    """The four numbers of a unit."""
    numbers = card.numbers
    return (
        _readiness(card),
        Figure(t("Mean level"), _or_dash(numbers.mean), _mean_note(numbers)),
        Figure(
            t("More than one level short"), t("{n} of {all}", n=numbers.short, all=numbers.told),
            t("dimensions with a score and a target"),
        ),
        Figure(
            t("Levels that evidence carries"),
            "–" if numbers.supported is None else percent(numbers.supported),
            t("of {levels} claimed", levels=count(numbers.levels, "level")),
        ),
    )  # fmt: skip


def group_figures(pack: BoardPack) -> tuple[Figure, ...]:
    """The four numbers of the group, with what changed since the round before."""
    return tuple(
        Figure(
            fact.label,
            fact.value,
            t("{change} since the round before", change=fact.change) if fact.change else "",
        )
        for fact in pack.group.facts
    )


def ends(scale: Sequence[tuple[float, str]]) -> tuple[float, float]:
    """The lowest and the highest value of a scale."""
    return scale[0][0], scale[-1][0]


def _readiness(card: Scorecard) -> Figure:
    label = t("Readiness for a first pilot")
    if card.kind is UnitKind.COUNTRY:
        if not card.domains:
            why = t("not all of its domains can be seen yet") if card.hidden else t("no domain is judged")
            return Figure(label, "–", why)
        value = t("{n} of {all}", n=card.ready_domains, all=len(card.domains))
        return Figure(label, value, t("of its domains are ready"))
    if card.verdict is None:
        why = (
            t("hangs on answers of its country that aren't shown here")
            if card.pilot
            else t("no gate is asked")
        )
        return Figure(label, "–", why)
    return Figure(label, verdict_words(card.verdict), gates_in_short(card.gates))


def gates_in_short(gates: Iterable[Gate]) -> str:
    """How many gates are in each state, in words."""
    counts = gate_counts(gates)
    return ", ".join(f"{number} {gate_words(state)}" for state, number in counts.items())


def _mean_note(numbers: Numbers) -> str:
    over = t("over {questionnaires}", questionnaires=count(numbers.questionnaires, "questionnaire"))
    if numbers.mean is None or numbers.mean_then is None:
        return over
    then = t("{then} before adoption", then=decimal(numbers.mean_then))
    return f"{then}; {over}"


def gate_lines(card: Scorecard) -> tuple[GateLine, ...]:
    """The gates of a first pilot, open ones first."""
    return tuple(_gate_line(gate, card) for gate in card.gates)


def unseen_words(card: Scorecard) -> str:
    """How many gates aren't told, because they read what isn't shown to who has the file; '' for none."""
    if not card.unseen:
        return ""
    return t("Left out: {gates} on answers that aren't shown here.", gates=count(card.unseen, "gate"))


def _gate_line(gate: Gate, card: Scorecard) -> GateLine:
    reading = gate.reading
    found = "–"
    if reading.claimed is not None:
        found = t(
            "{claimed}, evidence carries {supported}", claimed=reading.claimed, supported=reading.supported
        )
    return GateLine(
        card.questions.get(gate.question_id, gate.question_id), t("hard gate") if gate.hard else t("floor"),
        t("level {level}", level=gate.needed_level), found,
        state_words(gate.state), gate.is_open,
    )  # fmt: skip


def move_lines(moves: Iterable[NextMove]) -> tuple[MoveLine, ...]:
    """The next moves, the best first."""
    return tuple(_move_line(entry) for entry in moves)


def _move_line(entry: NextMove) -> MoveLine:
    move, said = entry.move, entry.taken_on
    efforts = {1: t("small"), 2: t("medium"), 3: t("large")}
    return MoveLine(
        t("{question}: level {now} → {then}", question=move.question.name, now=move.from_level, then=move.to_level),
        move.goal, t("+{gain} on {questionnaire}", gain=decimal(move.gain, 2), questionnaire=entry.questionnaire_title),
        efforts[move.effort], (said.owner if said else "") or "–",
        day(said.due_on) if said and said.due_on else "–",
        move_state_words(said.state) if said else t("Not taken on"),
    )  # fmt: skip


def commitment_cells(entry: Commitment, pack: BoardPack) -> tuple[str, str, str, str, str]:
    """A move that somebody took on: unit, question, who, until when, how it stands."""
    content = entry.content
    return (
        pack.names.get(entry.unit_id, entry.unit_id), entry.question.name, content.owner or "–",
        day(content.due_on) if content.due_on else "–", standing_words(standing(entry)),
    )  # fmt: skip


def score_words(row: GapRow, places: int = 1) -> str:
    """The score now, or why there is none."""
    return status_words(row.status) if row.now is None else decimal(row.now, places)


def gap_words(row: GapRow) -> str:
    """How far it is to target; a dash where that can't be told."""
    return "–" if row.gap is None else decimal(row.gap)


def away_words(difference: float) -> str:
    """How far from the others' median, as a sign and a number."""
    sign = "+" if difference > 0 else "−" if difference < 0 else "±"
    return f"{sign}{decimal(abs(difference))}"


def round_names(finding: GapFinding) -> tuple[str, ...]:
    """The titles of the rounds that a before-and-after view shows, in time."""
    roles = finding.rounds
    entries = [*([roles.before] if roles.before else []), *roles.during, roles.now]
    return tuple(entry.name for entry in entries)


def placed(findings: Sequence[PeerFinding]) -> tuple[PeerFinding, ...]:
    """Those that have at least five others in some dimension."""
    return tuple(finding for finding in findings if finding.has_others)


def subtitle(card: Scorecard, at: datetime, *, is_synthetic: bool) -> str:
    """What the sheet is, as of when, and whether it is invented."""
    parts = [
        t("Readiness scorecard"), card.round.name, t("as of {day}", day=day(at)),
        t("Synthetic data") if is_synthetic else "",
    ]  # fmt: skip
    return " · ".join(filter(None, parts))


def pack_subtitle(pack: BoardPack, at: datetime, *, is_synthetic: bool) -> str:
    """As `subtitle`, of the group."""
    parts = [
        pack.label, t("Board pack"), pack.round.name, t("as of {day}", day=day(at)),
        t("Synthetic data") if is_synthetic else "",
    ]  # fmt: skip
    return " · ".join(filter(None, parts))


def source(questionnaires: Iterable[Questionnaire], round_title: str, *, is_synthetic: bool) -> str:
    """Where the numbers come from, for the foot of a page and the notes of a slide."""
    versions = ", ".join(f"{entry.id}@{entry.version}" for entry in questionnaires)
    parts = [round_title, versions, t("Synthetic data") if is_synthetic else ""]
    return t("Source: {parts}", parts=" · ".join(filter(None, parts)))


def method(questionnaires: Iterable[Questionnaire]) -> tuple[str, ...]:
    """How the numbers came about, in sentences."""
    rules = joined(dict.fromkeys(_scoring(entry) for entry in questionnaires))
    return (
        t("Scores are {rules}; nothing is rounded before display.", rules=rules),
        t("What doesn't apply is left out. A questionnaire with too few answers has no score, and says why."),
        t("Gates read the level that evidence carries; a level that is only claimed passes none."),
        t(
            "Gap is target minus score, never below 0. Others are shown as their middle half and median, from five on."
        ),
        t("Next moves are advice: what lifts the score most for its effort, prerequisites first."),
    )


def _scoring(entry: Questionnaire) -> str:
    """How a questionnaire is averaged and what a don't know counts as."""
    unknown = {
        Missing.MINIMUM: t("a don't know counts as the lowest level"),
        Missing.EXCLUDE: t("a don't know is left out"),
    }
    means = {
        Aggregate.MEAN: t("weighted means"),
        Aggregate.GEOMETRIC: t("weighted geometric means"),
        Aggregate.HARMONIC: t("weighted harmonic means"),
        Aggregate.MINIMUM: t("the lowest of their parts"),
    }
    return f"{means[entry.scoring.aggregate]} ({unknown[entry.scoring.dont_know]})"


def _or_dash(value: float | None) -> str:
    return "–" if value is None else decimal(value)
