"""The design's section on scores once more, as plainly as it can be said: dictionaries, recursion, no numpy.

Shares nothing with the engine but the questionnaire file's format. Slow, and meant to be read beside the design.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Mapping
from typing import Any

CARRIES = {"": 2, "none": 2, "document": 3, "record": 4, "independent": 5}
MEASURES = ("score", "score_low", "score_high", "supported_score")
STATES = ("answered", "not_applicable", "dont_know", "unanswered")


def naive_scores(
    questionnaire: Mapping[str, Any], kind: str, rows: Iterable[Mapping[str, str]]
) -> dict[str, dict[str, Any]]:
    """The columns of scores.csv of one unit's own rows, by dimension; '' is the whole questionnaire."""
    answers = _agreed(rows)
    questions = {q["id"]: q for q in _questions(questionnaire["dimensions"])}
    shown = {q for q in questions if kind in questions[q]["units"] and _is_shown(q, questions, answers)}
    result: dict[str, dict[str, Any]] = {}

    def node(entry: Mapping[str, Any], key: str) -> dict[str, Any] | None:
        """A dimension or the whole, its descendants written to `result` too; None where nothing is asked."""
        children = [
            (child.get("weight", 1), _leaf(child, answers, shown, questionnaire))
            for child in entry.get("questions", ())
            if kind in child["units"]
        ]
        for child in entry.get("dimensions", ()):
            scored = node(child, child["id"])
            if scored is not None:
                children.append((child.get("weight", 1), scored))
        if not children:
            return None
        aggregate = entry.get("aggregate") or questionnaire["scoring"].get("aggregate", "mean")
        result[key] = _together(aggregate, [(weight, child) for weight, child in children if weight > 0])
        return result[key]

    node({"dimensions": questionnaire["dimensions"]}, "")
    return {key: _row(found, questionnaire) for key, found in result.items()}


def _questions(dimensions: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    for dimension in dimensions:
        yield from dimension.get("questions", ())
        yield from _questions(dimension.get("dimensions", ()))


def _agreed(rows: Iterable[Mapping[str, str]]) -> dict[str, Mapping[str, str]]:
    """The answer that counts for each question: the agreed one, else the only one."""
    by_question: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        by_question.setdefault(row["question_id"], []).append(row)
    found = {}
    for question, several in by_question.items():
        agreed = [row for row in several if row["respondent_id"] == ""]
        if agreed or len(several) == 1:
            found[question] = (agreed or several)[0]
    return found


def _value(question: Mapping[str, Any], answer: Mapping[str, str]) -> float:
    if "options" in question:
        return next(
            float(option["value"]) for option in question["options"] if option["id"] == answer["value"]
        )
    return float(answer["value"])


def _is_shown(question: str, questions: Mapping[str, Any], answers: Mapping[str, Mapping[str, str]]) -> bool:
    condition = questions[question].get("show_when")
    if condition is None:
        return True
    other = condition["question"]
    answer = answers.get(other)
    if answer is None or answer["state"] != "answered" or not _is_shown(other, questions, answers):
        return False
    return _value(questions[other], answer) >= float(condition["at_least"])


def _leaf(
    question: Mapping[str, Any],
    answers: Mapping[str, Mapping[str, str]],
    shown: Container[str],
    questionnaire: Mapping[str, Any],
) -> dict[str, Any]:
    answer = answers.get(question["id"])
    state = answer["state"] if answer else "unanswered"
    if question["id"] not in shown:
        state = "not_applicable"
    leaf: dict[str, Any] = {"questions": 1, "coverage": None, "reached": []}
    leaf |= dict.fromkeys(MEASURES) | dict.fromkeys(STATES, 0) | {state: 1}
    if state == "answered" and answer is not None:
        value = _value(question, answer)
        supported = min(value, CARRIES[answer["evidence_kind"]])
        leaf |= dict.fromkeys(MEASURES, value) | {"supported_score": supported, "coverage": 1}
        leaf["reached"] = [(value, 1.0, question["id"])]
    elif state != "not_applicable":
        low, high = _ends(questionnaire["scale"])
        usual = {"dont_know": "minimum", "unanswered": "exclude"}[state]
        counted = low if questionnaire["scoring"].get(state, usual) == "minimum" else None
        leaf |= {"score": counted, "supported_score": counted, "score_low": low, "score_high": high}
        leaf["coverage"] = 0
        leaf["reached"] = [(counted if state == "dont_know" else None, 1.0, question["id"])]
    return leaf


def _ends(scale: Any) -> tuple[float, float]:
    if isinstance(scale, dict):
        return float(scale["minimum"]), float(scale["maximum"])
    return float(scale[0]["level"]), float(scale[-1]["level"])


def _together(aggregate: str, children: list[tuple[float, dict[str, Any]]]) -> dict[str, Any]:
    def of(kind: str, measure: str) -> float | None:
        return _aggregate(kind, [(w, child[measure]) for w, child in children if child[measure] is not None])

    node: dict[str, Any] = {measure: of(aggregate, measure) for measure in MEASURES}
    node |= {"coverage": of("mean", "coverage")}
    node |= {count: sum(child[count] for _, child in children) for count in ("questions", *STATES)}
    # A question's share of this node's weight: what "the heaviest" means above its own dimension.
    total = sum(weight for weight, _ in children)
    node["reached"] = [
        (reached, share * weight / total, question)
        for weight, child in children
        for reached, share, question in child["reached"]
    ]
    return node


def _aggregate(kind: str, weighted: list[tuple[float, float]]) -> float | None:
    total = sum(weight for weight, _ in weighted)
    if not weighted:
        return None
    if kind == "minimum":
        return min(value for _, value in weighted)
    if kind == "mean":
        return sum(weight * value for weight, value in weighted) / total
    if any(value == 0 for _, value in weighted):
        return 0.0
    if kind == "geometric":
        return math.exp(sum(weight * math.log(value) for weight, value in weighted) / total)
    return total / sum(weight / value for weight, value in weighted)


def _row(node: dict[str, Any], questionnaire: Mapping[str, Any]) -> dict[str, Any]:
    row = {key: node[key] for key in (*MEASURES, "coverage", "questions", *STATES)}
    row["status"] = _status(node, questionnaire["scoring"].get("minimum_coverage", 2 / 3))
    if row["status"] not in ("scored", "provisional"):
        row |= {"score": None, "supported_score": None}
    has_levels = isinstance(questionnaire["scale"], list)
    row["level"] = math.floor(row["score"] + 1e-9) if has_levels and row["score"] is not None else None
    row |= {"secured_level": None, "blocking_question_id": None}
    if not has_levels:
        row["supported_score"] = None
    elif node["reached"] and all(reached is not None for reached, _, _ in node["reached"]):
        lowest = min(reached for reached, _, _ in node["reached"])
        heaviest = max(share for reached, share, _ in node["reached"] if reached == lowest)
        blocker = next(q for r, share, q in node["reached"] if r == lowest and share > heaviest - 1e-12)
        row["secured_level"] = math.floor(lowest + 1e-9)
        row["blocking_question_id"] = blocker if lowest < _ends(questionnaire["scale"])[1] else None
    return row


def _status(node: dict[str, Any], least: float) -> str:
    if node["coverage"] is None:
        return "not_applicable"
    if node["answered"] + node["dont_know"] == 0 or node["score"] is None:
        return "not_answered"
    if node["coverage"] < least - 1e-12:
        return "withheld"
    return "scored" if node["coverage"] > 1 - 1e-12 else "provisional"
