"""How a text reads: its words and sentences, how hard it is, how alike two texts are, and which words say nothing.

The limits hold for English; of another language only lengths and likeness are judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain

#: Words that everybody reads in their own way, unless a number stands beside them.
VAGUE = frozenset(
    [
        "adequate",
        "adequately",
        "appropriate",
        "appropriately",
        "approximately",
        "best-practice",
        "broadly",
        "comprehensive",
        "consistently",
        "effective",
        "effectively",
        "efficient",
        "efficiently",
        "excellent",
        "extensive",
        "frequently",
        "fully-fledged",
        "generally",
        "good",
        "gradually",
        "high-quality",
        "largely",
        "mainly",
        "mature",
        "normally",
        "occasionally",
        "often",
        "optimal",
        "optimally",
        "partially",
        "periodic",
        "periodically",
        "promptly",
        "proper",
        "properly",
        "quickly",
        "rarely",
        "reasonable",
        "reasonably",
        "regular",
        "regularly",
        "relevant",
        "robust",
        "satisfactory",
        "seamless",
        "seamlessly",
        "significant",
        "significantly",
        "sometimes",
        "strong",
        "strongly",
        "sufficient",
        "sufficiently",
        "suitable",
        "suitably",
        "timely",
        "typically",
        "usually",
        "world-class",
    ]
)
VAGUE_PHRASES = (
    "best practice",
    "state of the art",
    "as needed",
    "where possible",
    "if necessary",
    "on a regular basis",
)
#: What no screen for countries and domains needs.
JARGON = ("data mesh", "maturity", "data fabric", "paradigm", "holistic", "synergy")

_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*|\d+(?:[.,]\d+)*")
_SENTENCE_END = re.compile(r"[.!?:;](?:\s|$)")
_QUESTION_WORDS = (
    "how|what|who|whom|whose|when|where|why|which|is|are|do|does|did|can|could|has|have|will|would"
)
_SECOND_QUESTION = re.compile(rf"\b(?:and|or)\s+({_QUESTION_WORDS})\b", re.IGNORECASE)
_NEGATIONS = frozenset(
    ["no", "nobody", "none", "never", "nothing", "nowhere", "neither", "without", "not", "nor"]
)
#: Words that carry structure and no content, when two texts are compared.
_SMALL = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "by",
        "for",
        "from",
        "has",
        "have",
        "in",
        "is",
        "it",
        "its",
        "of",
        "on",
        "or",
        "that",
        "the",
        "their",
        "they",
        "to",
        "was",
        "were",
        "with",
    ]
)


def words(text: str) -> list[str]:
    """The words and numbers of a text, in lower case."""
    return [word.lower() for word in _WORD.findall(text)]


def sentences(text: str) -> list[str]:
    """The parts of a text between full stops, colons, semicolons, question and exclamation marks."""
    return [part for part in (piece.strip() for piece in _SENTENCE_END.split(text)) if part]


def reading_effort(text: str) -> float:
    """The readability index LIX: words per sentence plus the percentage of words of more than six letters.

    Below 30 a children's book, about 40 a newspaper, from 60 on official prose; 0 for an empty text.
    Source: Björnsson 1968.
    """
    found = words(text)
    if not found:
        return 0.0
    long_words = sum(len(word) > 6 for word in found)
    return len(found) / max(len(sentences(text)), 1) + 100 * long_words / len(found)


def likeness(one: str, other: str) -> float:
    """The share of content words that two texts have in common, 0 to 1; numbers and negations count as content."""
    first, second = (set(words(text)) - _SMALL for text in (one, other))
    return len(first & second) / len(first | second) if first | second else 1.0


def vague_words(text: str) -> list[str]:
    """The vague words of every sentence that has no number, in their order."""
    return list(chain.from_iterable(_vague_in(part) for part in sentences(text)))


def _vague_in(sentence: str) -> Iterable[str]:
    found = words(sentence)
    if any(word[0].isdigit() for word in found):
        return []
    # 'How consistently …?' asks for the very number.
    found = [word for before, word in zip(["", *found], found, strict=False) if before != "how"]
    phrases = [phrase for phrase in VAGUE_PHRASES if re.search(rf"\b{phrase}\b", sentence.lower())]
    return [word for word in found if word in VAGUE] + phrases


def jargon(text: str) -> list[str]:
    """The words of specialists in a text."""
    lower = text.lower()
    return [word for word in JARGON if re.search(rf"\b{word}\b", lower)]


def asks_twice(prompt: str) -> bool:
    """Whether a prompt holds more than one question."""
    if prompt.count("?") > 1 or "and/or" in prompt.lower():
        return True
    # In 'Where is it written what is common and what is local?' the clauses are parallel: one thing is asked.
    return any(
        second.group(1).lower() not in words(prompt[: second.start()])[1:]
        for second in _SECOND_QUESTION.finditer(prompt)
    )


def starts_with_negation(text: str) -> bool:
    """Whether a text begins by saying that something is absent."""
    first = words(text)[:1]
    return bool(first) and first[0] in _NEGATIONS
