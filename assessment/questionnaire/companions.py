"""What stands beside the questionnaires, once for all of them: facts, elements and principles."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from assessment import errors
from assessment.errors import Message, Problem, suggestion
from assessment.questionnaire.entries import Entry, check_unique, entries, reporter
from assessment.questionnaire.loading import load_model
from assessment.questionnaire.models import Frozen, Identifier, Text
from assessment.questionnaire.yaml_source import Document, values_named

#: Ids that a file may name; None when they couldn't be read, so that one fault isn't told once for each of them.
Known = frozenset[str] | None


class FactType(StrEnum):
    """What a fact's answer is; a share is between 0 and 1."""

    NUMBER = "number"
    SHARE = "share"
    YES_NO = "yes_no"
    TEXT = "text"


class ElementKind(StrEnum):
    """What an element is that could be common to all countries."""

    TERM = "term"
    IDENTIFIER = "identifier"
    RULE = "rule"
    COMPONENT = "component"
    ROLE = "role"


class ElementUse(StrEnum):
    """What a country says about an element."""

    SAME = "same"
    SETTING = "setting"
    LAW = "law"
    CHOICE = "choice"
    UNUSED = "unused"


class Fact(Frozen):
    """Something to know about a unit, asked once per round and never scored; no answer means unknown."""

    id: Identifier
    prompt: Text
    help: Text | None = None
    unit_kinds: Annotated[tuple[Literal["country", "domain"], ...], Field(min_length=1)]
    type: FactType


class Element(Frozen):
    """Something that could be the same in all countries; each says how it has it, as an `ElementUse`."""

    id: Identifier
    kind: ElementKind
    title: Text
    summary: Text


class Principle(Frozen):
    """A way of working to adopt, skip or delay; `questions` show whether it is lived."""

    id: Identifier
    title: Text
    summary: Text
    if_skipped: Text
    questions: tuple[Identifier, ...] = ()


class Facts(Frozen):
    facts: tuple[Fact, ...]


class Elements(Frozen):
    elements: tuple[Element, ...]


class Principles(Frozen):
    principles: tuple[Principle, ...]


def load_facts(content: bytes, source: str) -> tuple[Fact, ...]:
    """The facts of a `facts.yaml`.

    Raises:
        QuestionnaireError: With every problem in the file; so for the other two lists.
    """
    return load_model(Facts, content, source, lambda document: _unique(document, "facts", "fact")).facts


def load_elements(content: bytes, source: str) -> tuple[Element, ...]:
    """The elements of an `elements.yaml`."""
    return load_model(
        Elements, content, source, lambda document: _unique(document, "elements", "element")
    ).elements


def load_principles(content: bytes, source: str, known_questions: Known) -> tuple[Principle, ...]:
    """The principles of a `principles.yaml`, which may name only known questions."""

    def checks(document: Document) -> list[Problem]:
        named = _unique(document, "principles", "principle")
        return named + unknown_questions(document, known_questions)

    return load_model(Principles, content, source, checks).principles


def unknown_questions(document: Document, known: Known) -> list[Problem]:
    """A problem for every `question:` or entry of `questions:`, at any depth, that names no known question."""
    return unknown_names(document, errors.QUESTION_UNKNOWN, known, "question", "questions")


def unknown_names(document: Document, message: Message, known: Known, *keys: str) -> list[Problem]:
    """A problem for every text at one of `keys`, at any depth, that isn't known; none when nobody knows."""
    found: list[Problem] = []
    report = reporter(document, found)
    for path, name in values_named(document, *keys) if known is not None else ():
        if known is not None and name not in known:
            key = next(part for part in reversed(path) if isinstance(part, str))
            report(message, path, key=key, target=name, suggestion=suggestion(name, known))
    return found


def _unique(document: Document, key: str, what: str) -> list[Problem]:
    found: list[Problem] = []
    if isinstance(document.data, dict):
        listing = list(entries(Entry((), document.data), key))
        check_unique(what, listing, document, reporter(document, found))
    return found
