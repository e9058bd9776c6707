"""What the answer behind an open gate needs: a level at all, evidence, or a higher level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from assessment.analysis.gates import Gate, GateState
from assessment.i18n import count, joined, t


class Doing(StrEnum):
    """What an answer behind an open gate needs: a level at all, evidence for the one that is claimed, a higher one."""

    ANSWER = "answer"
    SHOW = "show"
    RAISE = "raise"


def doing_of(gate: Gate) -> Doing:
    """What the answer behind an open gate needs."""
    return {GateState.UNKNOWN: Doing.ANSWER, GateState.CLAIMED: Doing.SHOW}.get(gate.state, Doing.RAISE)


def doing_words(doings: Iterable[Doing]) -> str:
    """What is done with how many answers.

    >>> doing_words([Doing.RAISE, Doing.ANSWER, Doing.RAISE])
    '2 answers raised and 1 question answered'
    """
    found = Counter(doings)
    parts = {
        Doing.RAISE: t("{answers} raised", answers=count(found[Doing.RAISE], "answer")),
        Doing.ANSWER: t("{questions} answered", questions=count(found[Doing.ANSWER], "question")),
        Doing.SHOW: t("{answers} backed with evidence", answers=count(found[Doing.SHOW], "answer")),
    }
    return joined(words for doing, words in parts.items() if found[doing])
