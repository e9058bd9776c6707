"""What both places of moves show alike: the advice in words, what units said of it, and what became of that."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from assessment.analysis.commitments import (
    Commitment,
    CommitmentsFinding,
    Outcome,
    Said,
    commitments_finding,
)
from assessment.analysis.moves import Move, moves_of
from assessment.i18n import decimal, t
from assessment.questionnaire.models import Question, Questionnaire
from assessment.statements import MoveContent, StatementKind, asked_in
from assessment.store.statements import Statement
from assessment.ui import resources
from assessment.ui.filters import View
from assessment.ui.over_rounds import rounds_up_to
from assessment.ui.session import Here, today
from assessment.ui.text import plain
from assessment.ui.unit_result import input_of


def advice_words() -> str:
    return t("What lifts the score most for its effort, prerequisites first. Advice, not a verdict.")


def move_words(move: Move, questions: Mapping[str, Question], *more: str) -> str:
    """A move as Markdown: what to reach, what it brings and costs, what has to come first, and `more` of it."""
    efforts = {1: t("small effort"), 2: t("medium effort"), 3: t("large effort")}
    first = " · ".join(questions[other].prompt for other in move.requires if other in questions)
    facts = [
        move.dimension_title, t("+{gain} on the score", gain=decimal(move.gain, 2)), efforts[move.effort], *more,
        t("first: {questions}", questions=first) if first else "",
    ]  # fmt: skip
    goal = f"**{plain(move.question.prompt)}** {move.from_level} → {move.to_level}: {plain(move.goal)}"
    return f"{goal}  \n:small[{' · '.join(plain(fact) for fact in facts if fact)}]"


def advised(place: Here, view: View, unit_id: str, most: int) -> dict[Questionnaire, tuple[Move, ...]]:
    """The best moves of each questionnaire of the view that a unit is asked, by its own answers."""
    data = input_of(place, unit_id, view.round.id)
    asked = {(entry.questionnaire_id, entry.version): entry for entry in data.asked}
    return {
        place.catalogue.get(*pin): moves_of(data, asked[pin], most)
        for pin in view.pinned.items()
        if pin in asked
    }


def statements_of(place: Here, view: View, unit_ids: Collection[str]) -> Iterator[Statement]:
    """What these units said of their moves, in all rounds, in the view's questionnaires."""
    for found in resources.statements(place.scope, place.revision, StatementKind.MOVE):
        questionnaire_id, _ = asked_in(found.about.subject_id)
        if found.about.unit_id in unit_ids and questionnaire_id in view.pinned:
            yield found


def commitments_of(place: Here, view: View, unit_ids: Collection[str]) -> CommitmentsFinding:
    """Every move that these units took on up to the view's round, and what has become of it."""
    said = [
        Said(found.about.round_id, found.about.unit_id, *asked_in(found.about.subject_id), found.content)
        for found in statements_of(place, view, unit_ids)
        if isinstance(found.content, MoveContent)
    ]
    if not said:
        return CommitmentsFinding(())
    rounds = rounds_up_to(place, view)
    data = resources.scoring_input(place.scope, place.revision, *(entry.id for entry in rounds))
    return commitments_finding(said, data, rounds, today())


def outcome_words(entry: Commitment) -> str:
    """What the answers say of it by now."""
    if entry.outcome is Outcome.UNKNOWN:
        return t("nothing: a level is missing")
    if entry.outcome is Outcome.REACHED:
        return t("✓ reached, level {level}", level=entry.level_now)
    return t("✗ not reached, level {level}", level=entry.level_now)
