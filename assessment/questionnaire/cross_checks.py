"""What a questionnaire's values must be against one another: unique ids, known references, reachable levels.

The checks read unvalidated data and pass over whatever has a wrong shape, because validation names that anyway:
so an author sees the faults of both kinds in one run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from math import isfinite
from typing import Any

from assessment import errors
from assessment.errors import Problem, listed, suggestion
from assessment.questionnaire.entries import Entry, Report, check_unique, entries, reporter
from assessment.questionnaire.yaml_source import Document, Path

#: Near misses are looked for among all questions: with thousands of unknown ones, that would take minutes.
MAX_SUGGESTIONS = 100


@dataclass(frozen=True, slots=True)
class _Scale:
    """The scale as far as it could be read; `levels` is empty for a range of values."""

    levels: tuple[int, ...] = ()
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        return listed(self.levels) or f"{self.low} to {self.high}"


def cross_problems(document: Document) -> list[Problem]:
    """Every contradiction inside one questionnaire file, in the file's order."""
    if not isinstance(document.data, dict):
        return []
    found: list[Problem] = []
    report = reporter(document, found)
    dimensions = list(_dimensions(document.data, ()))
    questions = [entry for dimension in dimensions for entry in entries(dimension, "questions")]
    scale = _check_scale(document.data.get("scale"), report)
    check_unique("dimension", dimensions, document, report)
    check_unique("question", questions, document, report)
    _check_dimensions(dimensions, report)
    _check_aggregates(document.data, dimensions, scale, report)
    for question in questions:
        check_unique(f"option of '{question.id}'", list(entries(question, "options")), document, report)
        _check_options(question, scale, report)
        _check_gate(question, scale, report)
    _check_references(questions, report)
    _check_vignettes(list(entries(Entry((), document.data), "vignettes")), questions, scale, document, report)
    return sorted(found, key=lambda problem: problem.line)


def _dimensions(data: Mapping[str, Any], path: Path) -> Iterator[Entry]:
    for entry in entries(Entry(path, data), "dimensions"):
        yield entry
        yield from _dimensions(entry.data, entry.path)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _check_scale(scale: Any, report: Report) -> _Scale:
    if isinstance(scale, dict) and "levels" in scale:
        scale = scale["levels"]
    if isinstance(scale, list):
        levels = [entry.get("level") if isinstance(entry, dict) else None for entry in scale]
        known = tuple(level for level in levels if isinstance(level, int) and not isinstance(level, bool))
        if any(later != earlier + 1 for earlier, later in pairwise(known)):
            report(errors.SCALE_ORDER, ("scale",), found=listed(known))
        is_readable = bool(known) and len(known) == len(levels)
        return _Scale(known, float(min(known)), float(max(known))) if is_readable else _Scale()
    if isinstance(scale, dict):
        low: Any = scale.get("minimum")
        high: Any = scale.get("maximum")
        if _is_number(low) and _is_number(high):
            if low >= high:
                report(errors.SCALE_ORDER, ("scale",), found=f"{low} to {high}")
            return _Scale((), float(min(low, high)), float(max(low, high)))
    return _Scale()


def _check_dimensions(dimensions: list[Entry], report: Report) -> None:
    top = [entry for entry in dimensions if len(entry.path) == 2]
    if top and all(entry.part("weight") == 0 for entry in top):
        report(errors.WEIGHTS_ALL_ZERO, ("dimensions",), id="dimensions")
    for entry in dimensions:
        questions, nested = list(entries(entry, "questions")), list(entries(entry, "dimensions"))
        if questions and nested:
            report(errors.DIMENSION_BOTH, entry.path, id=entry.id)
        elif not any(entry.data.get(key, []) != [] for key in ("questions", "dimensions")):
            report(errors.DIMENSION_EMPTY, entry.path, id=entry.id)
        elif (
            (questions or nested)
            and all(child.data.get("weight", 1) == 0 for child in questions or nested)
            and entry.part("weight") != 0
        ):
            report(errors.WEIGHTS_ALL_ZERO, entry.path, id=entry.id)


def _check_aggregates(
    data: Mapping[str, Any], dimensions: list[Entry], scale: _Scale, report: Report
) -> None:
    scoring = data.get("scoring")
    chosen: list[tuple[Path, Any]] = []
    if isinstance(scoring, dict):
        chosen.append((("scoring", "aggregate"), scoring.get("aggregate")))
    chosen += [((*entry.path, "aggregate"), entry.part("aggregate")) for entry in dimensions]
    for path, aggregate in chosen:
        if aggregate in ("geometric", "harmonic") and scale.low is not None and scale.low < 0:
            report(errors.AGGREGATE_NEEDS_POSITIVE, path, aggregate=aggregate, low=scale.low)


def _check_options(question: Entry, scale: _Scale, report: Report) -> None:
    levels, options = question.part("levels"), question.part("options")
    if (levels is None) == (options is None):
        found = "neither" if levels is None else "both"
        report(errors.OPTIONS_OR_LEVELS, question.path, id=question.id, found=found)
    if isinstance(levels, dict):
        _check_levels(question, levels, scale, report)
    elif levels is not None:
        report(errors.MAPPING_EXPECTED, (*question.path, "levels"), key="levels")
    if isinstance(options, list):
        _check_own_options(question, options, scale, report)


def _check_levels(question: Entry, levels: Mapping[str, Any], scale: _Scale, report: Report) -> None:
    path = (*question.path, "levels")
    if scale.low is not None and not scale.levels:
        report(errors.LEVELS_NEED_SCALE, path, id=question.id)
    elif scale.levels and sorted(levels) != sorted(map(str, scale.levels)):
        report(errors.LEVELS_DIFFER, path, id=question.id, found=listed(levels), scale=scale)
    _check_labels(question, [((*path, level), label) for level, label in levels.items()], report)


def _check_own_options(question: Entry, listing: list[Any], scale: _Scale, report: Report) -> None:
    options = list(entries(question, "options"))
    if len(listing) < 2:
        report(errors.OPTIONS_TOO_FEW, (*question.path, "options"), id=question.id)
    for option in options:
        value = option.part("value")
        if (
            scale.low is not None
            and scale.high is not None
            and _is_number(value)
            and not scale.low <= value <= scale.high
        ):
            report(
                    errors.OPTION_OUT_OF_SCALE, option.path,
                    option=option.id, id=question.id, value=value, low=scale.low, high=scale.high,
                )  # fmt: skip
    _check_labels(question, [(option.path, option.part("label")) for option in options], report)


def _check_labels(question: Entry, labels: list[tuple[Path, Any]], report: Report) -> None:
    seen: set[str] = set()
    for path, label in labels:
        if isinstance(label, str) and label.strip().casefold() in seen:
            report(errors.LABEL_DUPLICATE, path, id=question.id, label=label)
        seen.add(str(label).strip().casefold())


def _check_gate(question: Entry, scale: _Scale, report: Report) -> None:
    gate = question.part("gate")
    if not isinstance(gate, dict):
        return
    path = (*question.path, "gate")
    level = gate.get("level")
    if scale.low is not None and not scale.levels:
        report(errors.GATE_NEEDS_LEVELS, path, id=question.id)
    elif isinstance(level, int) and scale.levels and level not in scale.levels:
        report(errors.GATE_OUT_OF_SCALE, path, id=question.id, level=level, scale=scale)
    if question.part("weight") == 0:
        report(errors.GATE_UNSCORED, path, id=question.id)


def _check_references(questions: list[Entry], report: Report) -> None:
    known = {question.id: question for question in questions}
    unknown: set[str] = set()
    for key, targets_of in (("requires", _required), ("show_when", _condition)):
        graph: dict[str, list[str]] = {}
        for question in questions:
            targets = targets_of(question)
            graph[question.id] = [target for target in targets if target in known]
            for target in targets:
                if target not in known:
                    unknown.add(target)
                    near = suggestion(target, known) if len(unknown) <= MAX_SUGGESTIONS else ""
                    report(
                        errors.REFERENCE_UNKNOWN, (*question.path, key),
                        key=key, id=question.id, target=target, suggestion=near,
                    )  # fmt: skip
        _check_cycle(key, graph, known, report)
    for question in questions:
        _check_reachable(question, known, report)


def _required(question: Entry) -> list[str]:
    targets = question.part("requires")
    return [target for target in targets if isinstance(target, str)] if isinstance(targets, list) else []


def _condition(question: Entry) -> list[str]:
    condition = question.part("show_when")
    target = condition.get("question") if isinstance(condition, dict) else None
    return [target] if isinstance(target, str) else []


def _check_cycle(key: str, graph: dict[str, list[str]], known: dict[str, Entry], report: Report) -> None:
    while True:
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            # graphlib names who comes first first; people follow who names whom.
            circle = error.args[1][::-1]
            report(errors.REFERENCE_CYCLE, (*known[circle[0]].path, key), key=key, circle=" → ".join(circle))
            # Broken at this place, so that the next circle shows too.
            graph[circle[0]] = []
        else:
            return


def _check_reachable(question: Entry, known: dict[str, Entry], report: Report) -> None:
    deciders = [known[target] for target in _condition(question) if target in known]
    if not deciders:
        return
    target, needed = deciders[0], question.part("show_when").get("at_least")
    values = [option.part("value") for option in entries(target, "options")]
    if isinstance(target.part("levels"), dict):
        values += [int(level) for level in target.part("levels") if level.isdecimal()]
    numbers = [value for value in values if _is_number(value)]
    if numbers and _is_number(needed) and max(numbers) < needed:
        report(
            errors.CONDITION_UNREACHABLE, (*question.path, "show_when"),
            id=question.id, target=target.id, value=needed,
        )  # fmt: skip


def _check_vignettes(
    vignettes: list[Entry], questions: list[Entry], scale: _Scale, document: Document, report: Report
) -> None:
    known = {question.id: question for question in questions}
    check_unique("vignette", vignettes, document, report)
    for vignette in vignettes:
        target, level = vignette.part("question"), vignette.part("level")
        if vignette.id in known:
            check_unique("question", [known[vignette.id], vignette], document, report)
        if isinstance(target, str) and target not in known:
            near = suggestion(target, known)
            report(
                errors.REFERENCE_UNKNOWN, (*vignette.path, "question"),
                key="question", id=vignette.id, target=target, suggestion=near,
            )  # fmt: skip
        if scale.low is not None and not scale.levels:
            report(errors.VIGNETTE_NEEDS_LEVELS, vignette.path, id=vignette.id)
        elif isinstance(level, int) and scale.levels and level not in scale.levels:
            path = (*vignette.path, "level")
            report(errors.VIGNETTE_OUT_OF_SCALE, path, id=vignette.id, level=level, scale=scale)
