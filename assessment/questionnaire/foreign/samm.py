"""OWASP SAMM, as its core is published: functions, practices and streams become dimensions, activities questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assessment.errors import FOREIGN_MISSING, Problem, QuestionnaireError
from assessment.questionnaire.foreign.drafting import (
    Head,
    Imported,
    Names,
    Report,
    clipped,
    imported,
    number,
    short_title,
    slug,
    without_empty,
)
from assessment.questionnaire.yaml_source import read_yaml

#: What is read of the folder `model/`; the rest describes what isn't asked.
_FOLDERS = (
    "business_functions", "security_practices", "streams", "practice_levels", "maturity_levels", "activities",
    "questions", "answer_sets",
)  # fmt: skip
Entries = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class _Model:
    """The entries of each folder by their own ids."""

    folders: Mapping[str, Entries]
    names: Names
    report: Report
    units: tuple[str, ...]

    def under(self, folder: str, key: str, identifier: str) -> Iterable[Mapping[str, Any]]:
        """The entries of a folder that belong to another entry, in their order."""
        mine = [entry for entry in self.folders[folder].values() if entry.get(key) == identifier]
        return sorted(mine, key=lambda entry: (number(entry.get("order")), str(entry.get("id"))))


def from_samm(files: Mapping[str, bytes], source: str, head: Head) -> Imported:
    """The draft that a core's files make; `files` by their paths, of which only `model/<kind>/*.yml` are read.

    Raises:
        QuestionnaireError: Files can't be read, there are no questions, or what they make is no questionnaire.
    """
    report = Report()
    model = _Model(_read(files, source), Names(), report, head.units)
    functions = sorted(
        model.folders["business_functions"].values(), key=lambda entry: number(entry.get("order"))
    )
    dimensions = without_empty([_function(entry, model) for entry in functions], report)
    if not dimensions:
        raise QuestionnaireError([FOREIGN_MISSING.at(source, 0, what="question below a business function")])
    report.leave(
        "SAMM adds the three levels of a practice to a score of 0 to 3; here the same answers have their mean, of 0 to 1"
    )
    data = {
        "id": head.id,
        "version": head.version,
        "title": head.title or "OWASP SAMM",
        "scale": {"minimum": 0, "maximum": 1},
        "dimensions": dimensions,
    }
    return imported(data, source, report)


def _read(files: Mapping[str, bytes], source: str) -> dict[str, Entries]:
    found: dict[str, dict[str, Mapping[str, Any]]] = {folder: {} for folder in _FOLDERS}
    problems: list[Problem] = []
    for path, content in sorted(files.items()):
        parts = path.split("/")
        if (
            len(parts) < 3
            or parts[-3] != "model"
            or parts[-2] not in found
            or not path.endswith((".yml", ".yaml"))
        ):
            continue
        document = read_yaml(content, path)
        problems += document.problems
        if isinstance(document.data, dict) and "id" in document.data:
            found[parts[-2]][str(document.data["id"])] = document.data
    if not problems:
        missing = [
            folder for folder in ("business_functions", "questions", "answer_sets") if not found[folder]
        ]
        problems = [FOREIGN_MISSING.at(source, 0, what=f"model/{folder}/*.yml") for folder in missing]
    if problems:
        raise QuestionnaireError(problems)
    return dict(found)


def _function(entry: Mapping[str, Any], model: _Model) -> dict[str, Any]:
    practices = model.under("security_practices", "function", str(entry["id"]))
    return _dimension(entry, "description", [_practice(each, model) for each in practices], model)


def _practice(entry: Mapping[str, Any], model: _Model) -> dict[str, Any]:
    streams = model.under("streams", "practice", str(entry["id"]))
    return _dimension(entry, "shortDescription", [_stream(each, model) for each in streams], model)


def _stream(entry: Mapping[str, Any], model: _Model) -> dict[str, Any]:
    activities = sorted(
        model.under("activities", "stream", str(entry["id"])), key=lambda each: _level(each, model)
    )
    questions = [
        made
        for activity in activities
        for question in model.under("questions", "activity", str(activity["id"]))
        if (made := _question(question, activity, model)) is not None
    ]
    title = str(entry.get("name") or "?")
    identifier = model.names.id_for(title, "stream")
    summary = clipped(entry.get("description"), model.report, title)
    return {
        "id": identifier,
        "title": title,
        **({"summary": summary} if summary else {}),
        "questions": questions,
    }


def _dimension(
    entry: Mapping[str, Any], about: str, below: list[dict[str, Any]], model: _Model
) -> dict[str, Any]:
    title = str(entry.get("name") or "?")
    summary = clipped(entry.get(about), model.report, title)
    return {
        "id": model.names.id_for(title, "part"), "title": title, **({"summary": summary} if summary else {}),
        "dimensions": below,
    }  # fmt: skip


def _question(entry: Mapping[str, Any], activity: Mapping[str, Any], model: _Model) -> dict[str, Any] | None:
    title = str(activity.get("title") or "")
    answers = model.folders["answer_sets"].get(str(entry.get("answerSet")))
    if answers is None:
        model.report.leave("A question whose answers aren't there", title)
        return None
    options = sorted(answers.get("values") or (), key=lambda value: number(value.get("order")))
    if any(number(value.get("weight", 1)) != 1 for value in options):
        model.report.leave("A weight of single answers", title)
    criteria = [str(each) for each in entry.get("quality") or ()]
    text = clipped("\n".join(f"- {each}" for each in criteria), model.report, title)
    level = _level(activity, model)
    return {
        "id": model.names.id_for(f"samm-{slug(str(entry['id']))}", "samm"),
        **short_title(title, model.report, title),
        "prompt": clipped(entry.get("text"), model.report, title),
        **({"help": text} if text else {}),
        "units": list(model.units),
        "maps_to": [f"SAMM {title}, level {level}" if level else f"SAMM {title}"],
        "options": [
            {
                "id": str(value.get("order")),
                "label": str(value.get("text")),
                "value": number(value.get("value")),
            }
            for value in options
        ],
    }


def _level(activity: Mapping[str, Any], model: _Model) -> int:
    """Of which maturity an activity is, 0 where it isn't told."""
    step = model.folders["practice_levels"].get(str(activity.get("level")), {})
    maturity = model.folders["maturity_levels"].get(str(step.get("maturityLevel")), {})
    return int(number(maturity.get("number")))
