"""Libraries of CISO Assistant: a framework's parts become dimensions, and what is assessable becomes questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assessment.errors import FOREIGN_MISSING, QuestionnaireError
from assessment.questionnaire.foreign.drafting import (
    PART_WITHOUT_QUESTION,
    Head,
    Imported,
    Names,
    Report,
    clipped,
    imported,
    number,
    short_title,
    without_empty,
)
from assessment.questionnaire.yaml_source import read_yaml

#: How a requirement is met, where the framework has no scores with names.
_RESULTS = (("no", "Not met", 0), ("partly", "Partly met", 0.5), ("yes", "Met", 1))
#: What a choice says of a requirement that it computes no score for, in its own field or in these words.
_MEETS = {
    "true": 1.0, "yes": 1.0, "oui": 1.0, "ja": 1.0, "sì": 1.0, "sí": 1.0,
    "false": 0.0, "no": 0.0, "non": 0.0, "nein": 0.0, "nee": 0.0,
}  # fmt: skip
#: What of a requirement has no place in a question.
_LEFT = {
    "implementation_groups": "Implementation groups: for whom a requirement is",
    "reference_controls": "Reference controls", "threats": "Threats", "translations": "Translations",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Framework:
    """The nodes by what they stand below, the choices that all of them have, and what is noted on the way."""

    below: Mapping[str, Sequence[Mapping[str, Any]]]
    options: Sequence[Mapping[str, Any]]
    names: Names
    report: Report
    units: tuple[str, ...]


def from_ciso_assistant(content: bytes, source: str, head: Head) -> Imported:
    """The draft that a library's framework makes.

    Raises:
        QuestionnaireError: The file can't be read, has no framework or no question, or makes no questionnaire.
    """
    document = read_yaml(content, source)
    if document.problems:
        raise QuestionnaireError(document.problems)
    library = document.data if isinstance(document.data, dict) else {}
    objects = library.get("objects")
    framework = objects.get("framework") if isinstance(objects, dict) else None
    nodes = framework.get("requirement_nodes") if isinstance(framework, dict) else None
    if not isinstance(framework, dict) or not isinstance(nodes, list):
        raise QuestionnaireError([FOREIGN_MISSING.at(source, 0, what="objects.framework.requirement_nodes")])
    report = Report()
    made = _Framework(_by_parent(nodes), _scores(framework), Names(), report, head.units)
    dimensions = without_empty(_parts(made.below.get("", ()), made, head.title or "Questions"), report)
    if not dimensions:
        raise QuestionnaireError([FOREIGN_MISSING.at(source, 0, what="assessable requirement")])
    for name in sorted(set(objects or {}) - {"framework"}):
        report.leave(f"The library's {name.replace('_', ' ')}")
    ranges = {(min(values), max(values)) for values in _values(dimensions)}
    if len(ranges) > 1:
        report.leave("Questions whose choices reach different scores count differently; look at their values")
    summary = clipped(framework.get("description"), report, "the framework")
    data = {
        "id": head.id, "version": head.version,
        "title": head.title or clipped(framework.get("name") or library.get("name") or head.id, report, "its name"),
        "language": str(library.get("locale") or "en"), **({"summary": summary} if summary else {}),
        "scale": {"minimum": min(low for low, _ in ranges), "maximum": max(high for _, high in ranges)}, "dimensions": dimensions,
    }  # fmt: skip
    return imported(data, source, report)


def _by_parent(nodes: Sequence[Any]) -> dict[str, list[Mapping[str, Any]]]:
    """The nodes below each; '' for those at the top, and for those whose parent isn't there."""
    entries = [node for node in nodes if isinstance(node, dict)]
    known = {str(node.get("urn")) for node in entries}
    found: dict[str, list[Mapping[str, Any]]] = {}
    for node in entries:
        parent = str(node.get("parent_urn") or "")
        found.setdefault(parent if parent in known else "", []).append(node)
    return found


def _scores(framework: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The choices of a requirement that has none of its own: the framework's scores, or whether it is met."""
    scores = framework.get("scores_definition")
    named = [score for score in scores if isinstance(score, dict)] if isinstance(scores, list) else []
    if len(named) < 2:
        return [{"id": name, "label": label, "value": value} for name, label, value in _RESULTS]
    return [
        {
            "id": str(score.get("score")),
            "label": ": ".join(filter(None, [str(score.get("name") or score.get("score")), _one(score.get("description"))]))[:500],
            "value": number(score.get("score")),
        }
        for score in sorted(named, key=lambda score: number(score.get("score")))
    ]  # fmt: skip


def _parts(nodes: Sequence[Mapping[str, Any]], made: _Framework, title: str) -> list[dict[str, Any]]:
    """A dimension for every node with others below it, and one for the questions that stand beside them."""
    own = [question for node in nodes for question in _questions(node, made)]
    below = [_part(node, made) for node in nodes if str(node.get("urn")) in made.below]
    if own and (below or title):
        beside = {
            "id": made.names.id_for(title, "questions"),
            "title": title or "Questions",
            "questions": own,
        }
        return [beside, *below]
    return below


def _part(node: Mapping[str, Any], made: _Framework) -> dict[str, Any]:
    title = _title(node)
    children = made.below[str(node["urn"])]
    identifier = made.names.id_for(f"{node.get('ref_id') or ''} {title}", "part")
    if any(str(child.get("urn")) in made.below for child in children):
        return {"id": identifier, "title": title, "dimensions": _parts(children, made, title)}
    questions = [question for child in children for question in _questions(child, made)]
    return {"id": identifier, "title": title, "questions": questions}


def _questions(node: Mapping[str, Any], made: _Framework) -> list[dict[str, Any]]:
    """One for each question that a requirement has of its own, else the requirement itself."""
    place = _title(node)
    if not node.get("assessable"):
        if str(node.get("urn")) not in made.below:
            made.report.leave(PART_WITHOUT_QUESTION, place)
        return []
    for key, words in _LEFT.items():
        if node.get(key):
            made.report.leave(words, place)
    asked = node.get("questions")
    entries = list(asked.values()) if isinstance(asked, dict) else asked if isinstance(asked, list) else []
    chosen = [entry for entry in entries if isinstance(entry, dict) and _choices(entry)]
    if len(chosen) < len(entries):
        made.report.leave("A question that isn't answered by one of several choices", place)
    if not chosen:
        return [_question(node, place, made, clipped(_text(node), made.report, place), made.options)]
    return [
        _question(
            node,
            place,
            made,
            clipped(entry.get("text") or place, made.report, place),
            _choices(entry, made.report),
        )
        for entry in chosen
    ]


def _question(
    node: Mapping[str, Any], place: str, made: _Framework, prompt: str, options: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    weight = node.get("weight")
    notes = {
        "help": clipped(node.get("annotation"), made.report, place),
        "evidence": clipped(node.get("typical_evidence"), made.report, place),
    }
    name = " ".join(filter(None, [str(node.get("ref_id") or ""), str(node.get("name") or "")]))
    return {
        "id": made.names.id_for(name or str(node.get("urn")).rpartition(":")[2], "question"),
        **short_title(str(node.get("name") or node.get("ref_id") or ""), made.report, place),
        "prompt": prompt,
        **{key: text for key, text in notes.items() if text},
        "units": list(made.units),
        **({"weight": number(weight)} if weight is not None else {}),
        "options": [dict(option) for option in options],
    }


def _choices(entry: Mapping[str, Any], report: Report | None = None) -> list[dict[str, Any]]:
    """The choices of a question that takes one of them, each with what it is worth; none of any other question."""
    choices = entry.get("choices")
    named = [choice for choice in choices if isinstance(choice, dict)] if isinstance(choices, list) else []
    if len(named) < 2 or entry.get("type") not in (None, "unique_choice", "single_choice"):
        return []
    worth = _worth(named)
    if worth is None:
        worth = [place / (len(named) - 1) for place in range(len(named))]
        if report is not None:
            report.leave(
                "Choices without a score, which rise in their order now; check each", _one(entry.get("text"))
            )
    return [
        {"id": str(place + 1), "label": _one(choice.get("value")) or str(place + 1), "value": value}
        for place, (choice, value) in enumerate(zip(named, worth, strict=True))
    ]


def _worth(choices: Sequence[Mapping[str, Any]]) -> list[float] | None:
    """What each choice adds; else 1 for those that meet the requirement; None where the library says neither.

    The order says nothing: many libraries begin with yes.
    """
    scores = [choice.get("add_score") for choice in choices]
    if all(score is not None for score in scores):
        return [number(score) for score in scores]
    meets = [
        _MEETS.get(str(choice.get("compute_result", choice.get("value"))).casefold()) for choice in choices
    ]
    known = [value for value in meets if value is not None]
    return known if len(known) == len(choices) else None


def _values(dimensions: Sequence[Mapping[str, Any]]) -> list[list[float]]:
    """What the choices of each question are worth."""
    found: list[list[float]] = []
    for entry in dimensions:
        found += [
            [option["value"] for option in question["options"]] for question in entry.get("questions", ())
        ]
        found += _values(entry.get("dimensions", ()))
    return found


def _title(node: Mapping[str, Any]) -> str:
    return _one(node.get("name") or node.get("ref_id") or node.get("description") or "?")[:200]


def _text(node: Mapping[str, Any]) -> str:
    return str(node.get("description") or node.get("name") or node.get("ref_id") or "?")


def _one(text: Any) -> str:
    """On one line."""
    return " ".join(str(text or "").split())
