"""Crosswalks: how one version's questions and options became another's, as its author says it, held against the versions.

`comparison` finds what changed; a crosswalk says what that means for answers, and why. Neither believes the other: what
is called the same and reads differently is refused, and so is a question that nobody mentions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints

from assessment import errors
from assessment.errors import Message, Problem, QuestionnaireError, listed, suggestion
from assessment.questionnaire.comparison import Change, compare
from assessment.questionnaire.loading import load_model
from assessment.questionnaire.models import Frozen, Identifier, Question, Questionnaire, Text, Version
from assessment.questionnaire.numbering import version_key
from assessment.questionnaire.yaml_source import Document


class Relation(StrEnum):
    """What a question of the later version is to one of the earlier."""

    SAME = "same"
    CLARIFIED = "clarified"
    RE_LEVELLED = "re-levelled"
    SPLIT = "split"
    MERGED = "merged"
    NEW = "new"
    RETIRED = "retired"


#: What asks the same as before: one answer fits both.
STILL_ASKED = frozenset({Relation.SAME, Relation.CLARIFIED})
#: What of a question may have changed for it to bear the name.
_FITS: Mapping[Relation, frozenset[Change]] = {
    Relation.SAME: frozenset({Change.UNCHANGED, Change.WORDING, Change.STRUCTURE}),
    Relation.CLARIFIED: frozenset({Change.WORDING, Change.MEANING, Change.STRUCTURE}),
    Relation.RE_LEVELLED: frozenset({Change.SCALE, Change.MEANING}),
}


def _level_as_text(value: object) -> object:
    """A level, which YAML reads as a number and whose option is named by it."""
    return str(value) if type(value) is int else value


_Option = Annotated[str, StringConstraints(min_length=1, max_length=200), BeforeValidator(_level_as_text)]


class Link(Frozen):
    """What became of one question.

    `question` is the earlier version's; for `new` and `merged` the later one's. A split names the later questions (`into`),
    a merger the earlier ones (`of`). `options` leads from an earlier option to the later one, or to null where no later
    option says the same; without it an option keeps its id.
    """

    question: Identifier
    relation: Relation
    reason: Text
    into: tuple[Identifier, ...] = ()
    of: tuple[Identifier, ...] = ()
    options: Mapping[_Option, _Option | None] = {}

    @property
    def earlier(self) -> tuple[str, ...]:
        """The questions of the earlier version that this is about."""
        if self.relation is Relation.NEW:
            return ()
        return self.of if self.relation is Relation.MERGED else (self.question,)

    @property
    def later(self) -> tuple[str, ...]:
        """The questions of the later version that this is about."""
        if self.relation is Relation.RETIRED:
            return ()
        return self.into if self.relation is Relation.SPLIT else (self.question,)

    def option(self, earlier: str) -> str | None:
        """The later option that says what the earlier one said; None when none does."""
        return self.options.get(earlier, earlier)


class Crosswalk(Frozen):
    """From one version to a later one. `all_others: same` stands for every question that isn't listed."""

    questionnaire: Identifier
    from_version: Annotated[Version, Field(alias="from")]
    to_version: Annotated[Version, Field(alias="to")]
    all_others: Relation | None = None
    questions: tuple[Link, ...] = ()

    @property
    def reference(self) -> str:
        return f"{self.questionnaire}@{self.from_version}→{self.to_version}"

    def links(self, before: Questionnaire) -> tuple[Link, ...]:
        """Every link, those that `all_others` stands for written out, in the order of the file and then of the questions."""
        told = {name for link in self.questions for name in link.earlier}
        rest = [name for name in before.questions if name not in told] if self.all_others else []
        return (
            *self.questions,
            *(Link(question=name, relation=Relation.SAME, reason="Unchanged.") for name in rest),
        )

    @property
    def clarified(self) -> tuple[str, ...]:
        """The questions whose words changed and whose meaning, as the author says, didn't."""
        return tuple(link.question for link in self.questions if link.relation is Relation.CLARIFIED)


def still_asked(way: Iterable[Crosswalk], version: Callable[[str, str], Questionnaire]) -> frozenset[str]:
    """The questions that ask the same from the first version on the way to the last; `version` gives one of an id."""
    asked: frozenset[str] | None = None
    for step in way:
        links = step.links(version(step.questionnaire, step.from_version))
        kept = frozenset(link.question for link in links if link.relation in STILL_ASKED)
        asked = kept if asked is None else asked & kept
    return asked or frozenset()


def load_crosswalk(content: bytes, source: str, versions: Mapping[str, Questionnaire] | None) -> Crosswalk:
    """The crosswalk in a YAML file's `content`, checked against its two versions, by `id@version`.

    Without `versions`, because some couldn't be read, only its own shape is checked.

    Raises:
        QuestionnaireError: With every problem in the file.
    """
    lines: dict[str, int] = {}

    def note_lines(document: Document) -> list[Problem]:
        data = document.data if isinstance(document.data, dict) else {}
        listing = data.get("questions")
        for index, link in enumerate(listing if isinstance(listing, list) else ()):
            if isinstance(link, dict):
                lines.setdefault(str(link.get("question")), document.line(("questions", index)))
        return []

    found = load_model(Crosswalk, content, source, note_lines)
    problems = [
        message.at(source, lines.get(question, 1), **values)
        for message, question, values in (_faults(found, versions) if versions is not None else ())
    ]
    if problems:
        raise QuestionnaireError(sorted(problems, key=lambda problem: (problem.line, problem.code)))
    return found


_Fault = tuple[Message, str, dict[str, object]]


def _faults(found: Crosswalk, versions: Mapping[str, Questionnaire]) -> Iterator[_Fault]:
    """What is wrong with it, the question it is about, and what the message says."""
    if version_key(found.from_version) >= version_key(found.to_version):
        # Whoever walked in a circle would never arrive.
        yield errors.CROSSWALK_BACKWARDS, "", {"before": found.from_version, "after": found.to_version}
        return
    ends = [f"{found.questionnaire}@{version}" for version in (found.from_version, found.to_version)]
    missing = [reference for reference in ends if reference not in versions]
    for reference in missing:
        near = suggestion(reference, versions)
        yield (
            errors.VERSION_UNKNOWN,
            "",
            {"reference": reference, "suggestion": near, "known": listed(versions)},
        )
    if missing:
        return
    before, after = (versions[reference] for reference in ends)
    if found.all_others not in (None, Relation.SAME):
        yield errors.CROSSWALK_OTHERS, "", {"relation": found.all_others}
    yield from _names(found, before, after)
    yield from _completeness(found, before, after)
    yield from _honesty(found, before, after)


def _names(found: Crosswalk, before: Questionnaire, after: Questionnaire) -> Iterator[_Fault]:
    for link in found.questions:
        for names, version in ((link.earlier, before), (link.later, after)):
            for name in names:
                if name not in version.questions:
                    near = suggestion(name, version.questions)
                    yield errors.CROSSWALK_NAME, link.question, {
                        "id": name, "reference": version.reference, "suggestion": near,
                    }  # fmt: skip
        if len(link.into if link.relation is Relation.SPLIT else link.of) < 2 and link.relation in (
            Relation.SPLIT, Relation.MERGED,
        ):  # fmt: skip
            key = "into" if link.relation is Relation.SPLIT else "of"
            yield (
                errors.CROSSWALK_PARTS,
                link.question,
                {"id": link.question, "relation": link.relation, "key": key},
            )
        yield from _options(link, before, after)


def _options(link: Link, before: Questionnaire, after: Questionnaire) -> Iterator[_Fault]:
    """Every earlier option has to lead somewhere, by its own id or by the map."""
    earlier = [before.questions[name] for name in link.earlier if name in before.questions]
    later = [after.questions[name] for name in link.later if name in after.questions]
    known = {option.id for question in earlier for option in question.options}
    for name in link.options:
        if name not in known:
            yield errors.CROSSWALK_OPTION, link.question, {
                "id": link.question, "option": name, "reference": before.reference,
            }  # fmt: skip
    for question in later:
        offered = _offered(question)
        for name in sorted(known):
            to = link.option(name)
            if to is not None and to not in offered:
                yield errors.CROSSWALK_OPTION, link.question, {
                    "id": question.id, "option": to, "reference": after.reference,
                }  # fmt: skip


def _offered(question: Question) -> set[str]:
    return {option.id for option in question.options}


def _completeness(found: Crosswalk, before: Questionnaire, after: Questionnaire) -> Iterator[_Fault]:
    """Each question of both versions is told of once."""
    links = found.links(before)
    for names, version in (
        ([name for link in links for name in link.earlier], before),
        ([name for link in links for name in link.later], after),
    ):
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield errors.CROSSWALK_TWICE, name, {"id": name, "reference": version.reference}
        for name in version.questions:
            if name not in names:
                yield errors.CROSSWALK_MISSING, name, {"id": name, "reference": version.reference}


def _honesty(found: Crosswalk, before: Questionnaire, after: Questionnaire) -> Iterator[_Fault]:
    """Whether what is called the same, clarified or re-levelled is what changed."""
    changes = {entry.question_id: entry.change for entry in compare(before, after, ()).questions}
    for link in found.links(before):
        change = changes.get(link.question)
        fits = _FITS.get(link.relation)
        if fits is None or change is None or link.question not in after.questions or change in fits:
            continue
        yield errors.CROSSWALK_CONTRADICTED, link.question, {
            "id": link.question, "relation": link.relation, "change": change,
            "fitting": listed(_fitting(change)),
        }  # fmt: skip


def _fitting(change: Change) -> Iterable[str]:
    return [str(relation) for relation, changes in _FITS.items() if change in changes] or [
        str(Relation.NEW), str(Relation.RETIRED),
    ]  # fmt: skip
