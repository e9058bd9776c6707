"""What pydantic finds, in the author's words and at the author's line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel

from assessment import errors
from assessment.errors import Problem, listed, suggestion
from assessment.questionnaire.models import DateText, Identifier, Language, Question, ShortName, Version
from assessment.questionnaire.shorthands import in_level_order
from assessment.questionnaire.yaml_source import Document, Path


def _pattern(annotated: Any) -> str:
    return str(get_args(annotated)[1].pattern)


_TEXT_ERRORS = {"string_type", "string_sub_type"}
_LIST_ERRORS = {"tuple_type", "list_type"}
_MAPPING_ERRORS = {"model_type", "model_attributes_type", "dict_type", "union_tag_invalid"}


def problem_in(detail: Mapping[str, Any], document: Document, root: type[BaseModel]) -> Problem:
    """One pydantic finding in the author's words, at the author's line."""
    path, key = located(detail["loc"], document)
    line = document.line(path)
    kind = detail["type"]
    written = document.written.get(path, detail["input"])
    if kind == "missing":
        return errors.KEY_MISSING.at(document.source, line, key=detail["loc"][-1])
    if kind == "extra_forbidden":
        allowed = _fields_at(root, path[:-1])
        return errors.KEY_UNKNOWN.at(
            document.source, line, key=key, suggestion=suggestion(key, allowed), allowed=listed(allowed)
        )
    if kind in _TEXT_ERRORS and isinstance(detail["input"], bool | int | float):
        reading = "true or false" if isinstance(detail["input"], bool) else "a number"
        return errors.TEXT_EXPECTED.at(document.source, line, key=key, value=written, kind=reading)
    if kind in _LIST_ERRORS:
        return errors.LIST_EXPECTED.at(document.source, line, key=key)
    if kind in _MAPPING_ERRORS and path == ("scale",):
        return errors.SCALE_AMBIGUOUS.at(document.source, line)
    if kind in _MAPPING_ERRORS:
        return errors.MAPPING_EXPECTED.at(document.source, line, key=key)
    if kind in {"enum", "literal_error"}:
        allowed = [
            word.strip("' ") for word in str(detail["ctx"]["expected"]).replace(" or ", ",").split(",")
        ]
        near = suggestion(str(written), allowed)
        return errors.CHOICE_UNKNOWN.at(
            document.source, line, key=key, value=written, allowed=listed(allowed), suggestion=near
        )
    if isinstance(detail["input"], dict) and kind == "value_error":
        return errors.PARTS_DISAGREE.at(document.source, line, key=key, rule=_rule(detail))
    value = document.written.get(path) or _shown(detail["input"])
    return errors.VALUE_INVALID.at(document.source, line, key=key, value=value, rule=_rule(detail))


def located(location: tuple[str | int, ...], document: Document) -> tuple[Path, str]:
    """The path in the file for a pydantic location, and the last key on it, which people see there.

    Pydantic sees shorthands written out and adds the tags of unions; both have no place in the file.
    """
    path: Path = ()
    data = document.data
    for part in location:
        if isinstance(data, dict) and part == "options" and "levels" in data and "options" not in data:
            part = "levels"
        elif isinstance(data, dict) and isinstance(part, int) and part < len(data):
            part = in_level_order(data)[part][0]
        if (isinstance(data, dict) and part in data) or (isinstance(data, list) and isinstance(part, int)):
            path, data = (*path, part), data[part]  # type: ignore[index]
    names = [part for part in path if isinstance(part, str)]
    return path, names[-1] if names else document.source


def _fields_at(root: type[BaseModel], path: Path) -> list[str]:
    """The keys that an author may write at `path`, shorthands included."""
    model = root
    for part in path:
        field = model.model_fields.get(str(part))
        # The last model of a union is the one that is written out; the others have a shorthand.
        model = ([*_models_in(field.annotation)] or [model])[-1] if field else model
    fields = list(model.model_fields)
    return [*fields, "levels"] if model is Question else fields


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


def _shown(value: Any) -> str:
    if value is None:
        return "empty"
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}…"


_FORMS = {
    _pattern(Version): "a version is three whole numbers, like 1.0.0",
    _pattern(DateText): "a date is written as 2026-12-01",
    _pattern(Language): "a language is a tag, like en or pt-BR",
    _pattern(ShortName): "it must stand on one line",
    _pattern(Identifier): "an id is lower-case words joined by hyphens, like exec-sponsor",
}


def _rule(detail: Mapping[str, Any]) -> str:
    """The broken rule in words; a pattern gets the form that it stands for."""
    if detail["type"] == "string_pattern_mismatch":
        return _FORMS[detail["ctx"]["pattern"]]
    if detail["type"] == "bool_type":
        return "write true or false"
    if detail["type"] in _TEXT_ERRORS:
        return "it must be a text"
    if detail["type"] == "too_short":
        return f"the list needs {detail['ctx']['min_length']} or more entries"
    if detail["type"] == "too_long":
        return f"the list may have {detail['ctx']['max_length']} entries at most"
    message = str(detail.get("ctx", {}).get("error", detail["msg"]))
    return message[:1].lower() + message[1:]
