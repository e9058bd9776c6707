"""YAML → models: strict, and every problem at once as `file:line: code: what, rule, fix`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from assessment import errors
from assessment.errors import Problem, QuestionnaireError
from assessment.questionnaire.cross_checks import cross_problems
from assessment.questionnaire.models import Questionnaire
from assessment.questionnaire.shorthands import expand_shorthands
from assessment.questionnaire.validation import located, problem_in
from assessment.questionnaire.yaml_source import Document, read_yaml

Model = TypeVar("Model", bound=BaseModel)
Checks = Callable[[Document], list[Problem]]
Echoes = Callable[[Mapping[str, Any], Document], bool]


def load_questionnaire(content: bytes, source: str) -> Questionnaire:
    """The questionnaire in a YAML file's `content`; `source` names the file in messages.

    Raises:
        QuestionnaireError: With every problem in the file, sorted by line.
    """
    return load_model(Questionnaire, content, source, cross_problems, expand_shorthands, _is_echo)


def load_model(
    model: type[Model],
    content: bytes,
    source: str,
    checks: Checks,
    expand: Callable[[dict[str, Any]], dict[str, Any]] = dict,
    is_echo: Echoes = lambda _detail, _document: False,
) -> Model:
    """The `model` that a YAML file's `content` holds.

    `checks` compares values with one another, on unvalidated data; `expand` writes shorthands out; `is_echo` tells
    what a check says in better words.

    Raises:
        QuestionnaireError: With every problem in the file, sorted by line.
    """
    document = read_yaml(content, source)
    problems = list(document.problems)
    loaded: Model | None = None
    if isinstance(document.data, dict):
        problems += checks(document)
        try:
            loaded = model.model_validate(expand(document.data))
        except ValidationError as error:
            details = [dict(detail) for detail in error.errors()]
            told = [detail for detail in details if not _is_unread(detail, document)]
            told = [detail for detail in told if not is_echo(detail, document)]
            problems += [problem_in(detail, document, model) for detail in told]
            # An echo that nothing answers is the only word there is.
            problems = problems or [problem_in(detail, document, model) for detail in details]
    elif not problems:
        problems.append(errors.MAPPING_EXPECTED.at(source, document.line(()), key=source))
    if problems or loaded is None:
        raise QuestionnaireError(
            sorted(dict.fromkeys(problems), key=lambda problem: (problem.line, problem.code))
        )
    return loaded


def _is_unread(detail: Mapping[str, Any], document: Document) -> bool:
    """Whether the value was refused as YAML already, or a list only looks short because of that."""
    if detail["type"] == "too_short":
        return bool(len(detail["input"]) >= detail["ctx"]["min_length"])
    return detail["type"] != "missing" and located(detail["loc"], document)[0] in document.unread


def _is_echo(detail: Mapping[str, Any], document: Document) -> bool:
    """Whether the cross-checks say the same about a questionnaire's levels."""
    location = detail["loc"]
    if detail["type"] == "missing":
        return bool(location[-1] == "options")
    path, _ = located(location, document)
    is_shape_of_levels = location[-3:-2] == ("questions",) and location[-1] == "levels"
    is_name_of_level = (
        path[-4:-3] == ("questions",) and path[-2] == "levels" and location[-1] in ("id", "value")
    )
    return is_shape_of_levels or is_name_of_level
