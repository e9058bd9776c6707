"""Open Data Maturity, or anything that adds up points in the same form, as a questionnaire and answers of this product.

A sum of points is a weighted mean: a question weighs its maximum and an option is worth its share of it, from 0 to 1; an
indicator and a dimension weigh the sum of their questions' maxima. Then score × maximum is the sum of points, at every
level. The scheme gives no points for "I don't know" and for a blank, so both count as the minimum and nothing is
withheld; and it gives full points for some "not applicable", which is therefore an option like any other.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

VERSION = "1.0.0"
ROUND = "2023"
NO_POINTS = "any other answer"
SCORING = {"aggregate": "mean", "minimum_coverage": 0, "dont_know": "minimum", "unanswered": "minimum"}
COLUMNS = (
    "round_id",
    "unit_id",
    "questionnaire_id",
    "questionnaire_version",
    "question_id",
    "state",
    "value",
)


@dataclass(frozen=True)
class Item:
    """One country's answer to one question: what it chose, what was published, what the key gives."""

    country: str
    question: str
    answer: str
    published: float
    by_key: float


@dataclass(frozen=True)
class Framework:
    """The scoring key as a tree, and everybody's answers."""

    #: Maximum points by question.
    maxima: Mapping[str, float]
    #: Share of the maximum by question and answer, in small letters.
    shares: Mapping[str, Mapping[str, float]]
    #: Questions by indicator, and indicators by dimension.
    indicators: Mapping[str, tuple[str, ...]]
    dimensions: Mapping[str, tuple[str, ...]]
    items: tuple[Item, ...]

    def questions(self, dimension: str) -> tuple[str, ...]:
        return tuple(
            question for indicator in self.dimensions[dimension] for question in self.indicators[indicator]
        )

    def nodes(self) -> dict[str, tuple[str, ...]]:
        """The questions of every indicator and dimension and of the whole, by id in the questionnaire; '' is the whole."""
        parts = {node_id(name): questions for name, questions in self.indicators.items()}
        tops = {node_id(name): self.questions(name) for name in self.dimensions}
        return parts | tops | {"": tuple(self.maxima)}


def read_framework(items: Path, key: Path) -> Framework:
    """The published files of a framework: a table of items and a scoring key."""
    content = json.loads(key.read_text(encoding="utf-8"))
    with items.open(encoding="utf-8", newline="") as file:
        rows = tuple(
            Item(row["cc"], row["qid"], row["answer"], float(row["pub"]), float(row["calc"]))
            for row in csv.DictReader(file)
        )
    return Framework(
        {question: entry["weight"] for question, entry in content["key"].items()},
        {question: entry["ans"] for question, entry in content["key"].items()},
        {indicator: tuple(questions) for indicator, questions in content["mem"].items()},
        {dimension: tuple(indicators) for dimension, indicators in content["dims"].items()},
        rows,
    )


def turned_round(framework: Framework, question: str) -> Framework:
    """The framework with yes and no of one question exchanged in the key."""
    exchange = {"yes": "no", "no": "yes"}
    turned = {exchange.get(answer, answer): share for answer, share in framework.shares[question].items()}
    return replace(framework, shares={**framework.shares, question: turned})


def as_published(framework: Framework) -> Framework:
    """The framework with the published points in place of answers, whatever the key says."""
    items = tuple(replace(item, answer=f"{item.published:g} points") for item in framework.items)
    shares: dict[str, dict[str, float]] = {question: {} for question in framework.maxima}
    for item in items:
        shares[item.question][item.answer] = item.published / framework.maxima[item.question]
    return replace(framework, shares=shares, items=items)


def node_id(name: str) -> str:
    """An id of this product: Ind2_3a is ind2-3a."""
    return name.lower().replace("_", "-")


def question_id(name: str) -> str:
    return f"q{name.lower()}"


def questionnaire_yaml(framework: Framework, identifier: str, *, score_items: bool = False) -> str:
    """The questionnaire: dimensions, their indicators, their questions.

    With `score_items` each question is alone in a dimension `item-<question>`, so that it has a score of its own.
    """

    def question(name: str) -> dict[str, Any]:
        options = {**framework.shares[name], NO_POINTS: 0}
        return {
            "id": question_id(name),
            "prompt": f"Question {name}",
            "units": ["country"],
            "weight": framework.maxima[name],
            "options": [{"id": answer, "label": answer, "value": share} for answer, share in options.items()],
        }

    def node(identifier: str, names: Iterable[str], children: Mapping[str, Any]) -> dict[str, Any]:
        weight = sum(framework.maxima[name] for name in names)
        return {"id": identifier, "title": identifier, "weight": weight, **children}

    def item(name: str) -> dict[str, Any]:
        return node(f"item-{question_id(name)}", [name], {"questions": [question(name)]})

    def indicator(name: str) -> dict[str, Any]:
        names = framework.indicators[name]
        children = (
            {"dimensions": list(map(item, names))}
            if score_items
            else {"questions": list(map(question, names))}
        )
        return node(node_id(name), names, children)

    def dimension(name: str) -> dict[str, Any]:
        indicators = [indicator(part) for part in framework.dimensions[name]]
        return node(node_id(name), framework.questions(name), {"dimensions": indicators})

    content = {
        "id": identifier,
        "version": VERSION,
        "title": "Open data maturity",
        "scale": {"minimum": 0, "maximum": 1},
        "scoring": SCORING,
        "dimensions": list(map(dimension, framework.dimensions)),
    }
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True)


def answer_rows(framework: Framework, identifier: str) -> list[tuple[str, ...]]:
    """The rows of answers.csv; a question that nobody chose an answer for has none."""
    rows: list[tuple[str, ...]] = []
    for item in framework.items:
        state, value = _state_and_option(item.answer, framework.shares[item.question])
        if state:
            rows.append((ROUND, item.country, identifier, VERSION, question_id(item.question), state, value))
    return rows


def _state_and_option(answer: str, shares: Mapping[str, float]) -> tuple[str, str]:
    """The drop-down text as the key reads it: without regard to case and outer spaces; what it lacks earns nothing."""
    chosen = answer.strip().lower()
    if chosen in shares:
        return "answered", chosen
    if not chosen or chosen.startswith("select answer for"):  # the drop-down's placeholder, left as it was
        return "", ""
    return ("dont_know", "") if chosen == "i don't know" else ("answered", NO_POINTS)


def answers_csv(rows: Iterable[tuple[str, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *rows])
    return text.getvalue()
