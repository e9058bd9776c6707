"""Two versions of a questionnaire: what became of every question, and the least version step that it demands.

What changes the meaning of an answer is decided on words, because ids tell nothing: OWASP SAMM 2.2.0 kept all ids and
values of 2.1.0 and reworded the answers to nine questions.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any

from assessment.questionnaire.differences import Difference, differences
from assessment.questionnaire.models import Question, Questionnaire
from assessment.questionnaire.numbering import version_key
from assessment.questionnaire.wording import likeness

#: From this share of common content words on, a new question is taken for a descendant of a retired one.
DESCENT_LIKENESS = 0.3


class Change(StrEnum):
    """What became of a question, the gravest first that fits."""

    NEW = "new"
    RETIRED = "retired"
    SPLIT = "split"
    MERGED = "merged"
    STRUCTURE = "structure"
    SCALE = "scale"
    MEANING = "meaning"
    WORDING = "wording"
    UNCHANGED = "unchanged"


class Step(IntEnum):
    """A step from one version to the next."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """What became of one question; `others` are the questions that it was split into or merged from."""

    question_id: str
    change: Change
    core: bool
    details: tuple[Difference, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def demands(self) -> Step:
        """The least step that this change alone demands."""
        if self.change is Change.UNCHANGED:
            return Step.NONE
        if self.change is Change.WORDING:
            return Step.PATCH
        if self.change in (Change.NEW, Change.RETIRED, Change.MEANING) and not self.core:
            return Step.MINOR
        return Step.MAJOR


@dataclass(frozen=True, slots=True)
class DimensionWeights:
    """What a dimension weighs itself, and its questions together, in two versions; None where it isn't there."""

    title: str
    before: tuple[float, float] | None
    after: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One version against another: `questions` in the order of the later one, retired ones last.

    `frame` is what changed outside the questions: titles, weights, scale, rules, vignettes.
    """

    before: Questionnaire
    after: Questionnaire
    questions: tuple[QuestionChange, ...]
    frame: tuple[Difference, ...]

    @property
    def demands(self) -> Step:
        """The least step that all changes together demand."""
        frame = [_frame_demands(entry) for entry in self.frame]
        return max([*frame, *(entry.demands for entry in self.questions)], default=Step.NONE)

    @property
    def step(self) -> Step:
        """The step that the version numbers make; NONE when the later isn't higher."""
        before, after = version_key(self.before.version), version_key(self.after.version)
        if after <= before:
            return Step.NONE
        return (Step.MAJOR, Step.MINOR, Step.PATCH)[
            [a == b for a, b in zip(before, after, strict=True)].index(False)
        ]

    @property
    def is_honest(self) -> bool:
        """Whether the version step is as large as the changes demand."""
        return self.step >= self.demands

    @property
    def weights(self) -> tuple[DimensionWeights, ...]:
        """The dimensions that weigh something else than before, in the order of the later version, those that went last."""
        then, now = _weights(self.before), _weights(self.after)
        titles = {entry.id: entry.title for v in (self.before, self.after) for entry in v.all_dimensions()}
        return tuple(
            DimensionWeights(titles[name], then.get(name), now.get(name))
            for name in dict.fromkeys([*now, *then])
            if then.get(name) != now.get(name)
        )

    def count(self, change: Change) -> int:
        return sum(entry.change is change for entry in self.questions)


def compare(before: Questionnaire, after: Questionnaire, same_meaning: Collection[str] = ()) -> Comparison:
    """What became of each question between two versions.

    A changed word in a prompt, a help text or an option changes the meaning, until the author confirms with
    `same_meaning`, a list of question ids, that it doesn't; changed spaces, capitals and punctuation don't count.
    What was split or merged is a guess from the words that a retired and several new questions share.
    """
    homes = _homes(before), _homes(after)
    found = [
        _common(question, after.questions[question.id], homes, same_meaning)
        for question in before.questions.values()
        if question.id in after.questions
    ]
    retired = [question for name, question in before.questions.items() if name not in after.questions]
    new = [question for name, question in after.questions.items() if name not in before.questions]
    order = {name: place for place, name in enumerate(dict.fromkeys([*after.questions, *before.questions]))}
    changes = sorted([*found, *_come_and_gone(retired, new)], key=lambda entry: order[entry.question_id])
    frame = (*differences(_frame(before), _frame(after)), *_order(before, after))
    return Comparison(before, after, tuple(changes), frame)


def _order(before: Questionnaire, after: Questionnaire) -> Iterable[Difference]:
    """One difference when questions that both have changed places; ties and people both go by the order."""
    was = [name for name in before.questions if name in after.questions]
    is_now = [name for name in after.questions if name in before.questions]
    if was != is_now:
        yield Difference(("questions", "order"), ", ".join(was), ", ".join(is_now))


def _weights(questionnaire: Questionnaire) -> dict[str, tuple[float, float]]:
    return {
        entry.id: (entry.weight, sum(question.weight for question in entry.all_questions()))
        for entry in questionnaire.all_dimensions()
    }


def _homes(questionnaire: Questionnaire) -> Mapping[str, str]:
    return {name: dimension.id for name, dimension in questionnaire.dimension_of.items()}


def _common(
    before: Question,
    after: Question,
    homes: tuple[Mapping[str, str], Mapping[str, str]],
    same_meaning: Collection[str],
) -> QuestionChange:
    old, new = (_leaves(question, home) for question, home in zip((before, after), homes, strict=True))
    details = tuple(differences(old, new))
    kinds = {_kind(entry, after.id in same_meaning) for entry in details}
    change = next((kind for kind in Change if kind in kinds), Change.UNCHANGED)
    return QuestionChange(after.id, change, before.core or after.core, details)


def _leaves(question: Question, homes: Mapping[str, str]) -> dict[str, Any]:
    return {**question.model_dump(mode="json"), "dimension": homes[question.id]}


_WORDS_ONLY = {"title", "evidence", "maps_to"}


def _kind(entry: Difference, same_meaning: bool) -> Change:
    """What kind of change one difference of a question is."""
    match entry.path:
        case (first, *_) if first in _WORDS_ONLY:
            return Change.WORDING
        case ("prompt",) | ("help",) | ("options", _, "label"):
            return Change.WORDING if same_meaning or _reads_the_same(entry) else Change.MEANING
        case ("options", *_):
            return Change.SCALE
    return Change.STRUCTURE


#: Words, numbers with their points and commas, a minus sign, and the signs that change what a number means.
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|(?<!\w)[-−](?=\d)|[%‰€$£<>≤≥=+±°]")


def _reads_the_same(entry: Difference) -> bool:
    """Whether only spaces, capitals and punctuation differ."""
    before, after = (_TOKEN.findall(str(text or "").casefold()) for text in (entry.before, entry.after))
    return before == after


def _come_and_gone(retired: list[Question], new: list[Question]) -> Iterable[QuestionChange]:
    heirs = {old.id: [one.id for one in new if _descends(old, one)] for old in retired}
    parents = {one.id: [old.id for old in retired if one.id in heirs[old.id]] for one in new}
    for old in retired:
        others = tuple(heirs[old.id])
        yield QuestionChange(
            old.id, Change.SPLIT if len(others) > 1 else Change.RETIRED, old.core, (), others
        )
    for one in new:
        others = tuple(parents[one.id])
        yield QuestionChange(one.id, Change.MERGED if len(others) > 1 else Change.NEW, one.core, (), others)


def _descends(old: Question, new: Question) -> bool:
    return likeness(old.whole_text, new.whole_text) >= DESCENT_LIKENESS


def _frame(questionnaire: Questionnaire) -> dict[str, Any]:
    """The questionnaire without its questions, version and state."""
    left_out = {"version", "status", "published_on", "dimensions"}
    frame = questionnaire.model_dump(mode="json", exclude=left_out)
    dimensions = [
        {
            **entry.model_dump(mode="json", exclude={"questions", "dimensions"}),
            "holds": [child.id for child in entry.dimensions],
        }
        for entry in questionnaire.all_dimensions()
    ]
    return {**frame, "dimensions": dimensions}


def _frame_demands(entry: Difference) -> Step:
    """What a change around the questions demands; words that no answer hangs on are a patch."""
    match entry.path:
        case ("vignettes", *_):
            return Step.MINOR
        case ("title",) | ("summary",) | ("dimensions", _, "title" | "summary") | ("scale", _, _, "name"):
            return Step.PATCH
    return Step.MAJOR
