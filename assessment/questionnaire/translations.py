"""A version in another language: `lang/<language>.yaml` beside it, by id; what it lacks stays in the first language.

Translations are no part of what a version means: they can be added and mended after it was published.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from assessment import errors
from assessment.errors import Problem, QuestionnaireError, suggestion
from assessment.questionnaire.entries import reporter
from assessment.questionnaire.loading import load_model
from assessment.questionnaire.models import (
    Dimension,
    Frozen,
    Identifier,
    Language,
    Level,
    LevelScale,
    Option,
    Question,
    Questionnaire,
    ShortName,
    Text,
    Version,
    Vignette,
)
from assessment.questionnaire.yaml_source import Document

Part = TypeVar("Part", bound=Frozen)

#: The keys of a question that hold one text each.
QUESTION_TEXTS = ("title", "prompt", "help", "evidence")


class QuestionText(Frozen):
    """A question's words; `options` by option id, which of a level scale is the level."""

    title: ShortName | None = None
    prompt: Text | None = None
    help: Text | None = None
    evidence: Text | None = None
    options: Mapping[str, Text] = {}


class DimensionText(Frozen):
    title: Text | None = None
    summary: Text | None = None


class VignetteText(Frozen):
    situation: Text | None = None


class Translation(Frozen):
    """The words of one version in one language; whatever is absent falls back."""

    id: Identifier
    version: Version
    language: Language
    title: Text | None = None
    summary: Text | None = None
    scale: Mapping[str, Text] = {}
    dimensions: Mapping[Identifier, DimensionText] = {}
    questions: Mapping[Identifier, QuestionText] = {}
    vignettes: Mapping[Identifier, VignetteText] = {}


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a version a translation has: texts of `total`, and the place of the first that is missing."""

    language: str
    translated: int
    total: int
    first_missing: str = ""

    @property
    def share(self) -> float:
        """Between 0 and 1."""
        return self.translated / self.total


def load_translation(content: bytes, source: str, questionnaire: Questionnaire) -> Translation:
    """The translation in a YAML file's `content`.

    Raises:
        QuestionnaireError: With every problem, among them ids that the version doesn't have.
    """
    found = load_model(Translation, content, source, lambda document: _unknown_ids(document, questionnaire))
    if problems := [
        *_foreign_place(found, source, questionnaire),
        *_same_labels(found, source, questionnaire),
    ]:
        raise QuestionnaireError(problems)
    return found


def _foreign_place(translation: Translation, source: str, questionnaire: Questionnaire) -> Iterator[Problem]:
    if translation.language == questionnaire.language:
        yield errors.TRANSLATION_NEEDLESS.at(
            source, 1, reference=questionnaire.reference, language=translation.language
        )


def _same_labels(translation: Translation, source: str, questionnaire: Questionnaire) -> Iterator[Problem]:
    """A problem for every option that reads like another of its question in this language."""
    for question in translated(questionnaire, translation).questions.values():
        labels = [option.label.casefold() for option in question.options]
        for place, option in enumerate(question.options):
            if labels[place] in labels[:place]:
                yield errors.LABEL_DUPLICATE.at(source, 1, id=question.id, label=option.label)


def translated(questionnaire: Questionnaire, translation: Translation) -> Questionnaire:
    """The questionnaire with the translation's words; ids, values, weights and rules stay."""
    words = {
        "language": translation.language,
        "title": translation.title,
        "summary": translation.summary,
        "scale": _scale(questionnaire, translation),
        "dimensions": tuple(_dimension(entry, translation) for entry in questionnaire.dimensions),
        "vignettes": tuple(_vignette(entry, translation) for entry in questionnaire.vignettes),
    }
    return _with_words(questionnaire, words)


def coverage(questionnaire: Questionnaire, translation: Translation) -> Coverage:
    """How many of the version's texts the translation has."""
    here = dict(_texts(questionnaire))
    given = set(_given(translation))
    missing = [place for place in here if place not in given]
    return Coverage(translation.language, len(here) - len(missing), len(here), next(iter(missing), ""))


def _with_words(part: Part, words: Mapping[str, Any]) -> Part:
    """The same value with other words, built anew: a copy would keep what was computed from the old ones.

    Words that the first language doesn't have are passed over: a translation adds nothing.
    """
    fields = {name: getattr(part, name) for name in type(part).model_fields}
    given = {name: word for name, word in words.items() if word is not None and fields[name] is not None}
    return type(part).model_validate({**fields, **given})


def _scale(questionnaire: Questionnaire, translation: Translation) -> Any:
    scale = questionnaire.scale
    if not isinstance(scale, LevelScale):
        return scale
    return LevelScale(
        levels=tuple(
            Level(level=entry.level, name=translation.scale.get(str(entry.level), entry.name))
            for entry in scale.levels
        )
    )


def _dimension(dimension: Dimension, translation: Translation) -> Dimension:
    text = translation.dimensions.get(dimension.id, DimensionText())
    return _with_words(
        dimension,
        {
            "title": text.title,
            "summary": text.summary,
            "questions": tuple(_question(entry, translation) for entry in dimension.questions),
            "dimensions": tuple(_dimension(entry, translation) for entry in dimension.dimensions),
        },
    )


def _question(question: Question, translation: Translation) -> Question:
    text = translation.questions.get(question.id, QuestionText())
    options = tuple(
        Option(id=option.id, label=text.options.get(option.id, option.label), value=option.value)
        for option in question.options
    )
    words = {name: getattr(text, name) for name in QUESTION_TEXTS}
    return _with_words(question, {**words, "options": options})


def _vignette(vignette: Vignette, translation: Translation) -> Vignette:
    text = translation.vignettes.get(vignette.id, VignetteText())
    return _with_words(vignette, {"situation": text.situation})


def _texts(questionnaire: Questionnaire) -> Iterator[tuple[str, str]]:
    """Every text that can be translated, with its place as a translation file names it."""
    for key in ("title", "summary"):
        if text := getattr(questionnaire, key):
            yield key, text
    if isinstance(questionnaire.scale, LevelScale):
        yield from ((f"scale.{level.level}", level.name) for level in questionnaire.scale.levels)
    for dimension in questionnaire.all_dimensions():
        for key in ("title", "summary"):
            if text := getattr(dimension, key):
                yield f"dimensions.{dimension.id}.{key}", text
    for question in questionnaire.questions.values():
        for key in QUESTION_TEXTS:
            if text := getattr(question, key):
                yield f"questions.{question.id}.{key}", text
        yield from ((f"questions.{question.id}.options.{one.id}", one.label) for one in question.options)
    yield from ((f"vignettes.{entry.id}.situation", entry.situation) for entry in questionnaire.vignettes)


def _given(translation: Translation) -> Iterator[str]:
    """The places of every text that the translation has."""
    stack: list[tuple[str, Any]] = [("", translation.model_dump(exclude={"id", "version", "language"}))]
    while stack:
        place, value = stack.pop()
        if isinstance(value, Mapping):
            stack += [(f"{place}.{key}".lstrip("."), part) for key, part in value.items()]
        elif value is not None:
            yield place


def _unknown_ids(document: Document, questionnaire: Questionnaire) -> list[Problem]:
    """A problem for every id in the file that the version doesn't have."""
    found: list[Problem] = []
    report = reporter(document, found)
    data = document.data if isinstance(document.data, dict) else {}
    known: dict[str, set[str]] = {
        "dimensions": {dimension.id for dimension in questionnaire.all_dimensions()},
        "questions": set(questionnaire.questions),
        "vignettes": {vignette.id for vignette in questionnaire.vignettes},
        "scale": {str(int(value)) for value, _ in questionnaire.axis} if questionnaire.has_levels else set(),
    }
    for key, names in known.items():
        part = data.get(key)
        for name in part if isinstance(part, dict) else ():
            if name not in names:
                near = suggestion(name, names)
                report(
                    errors.TRANSLATION_UNKNOWN,
                    (key, name),
                    key=key,
                    id=name,
                    reference=questionnaire.reference,
                    suggestion=near,
                )
    _check_options(data.get("questions"), questionnaire, report)
    return found


def _check_options(questions: Any, questionnaire: Questionnaire, report: Any) -> None:
    for name, entry in (questions if isinstance(questions, dict) else {}).items():
        options = entry.get("options") if isinstance(entry, dict) else None
        question = questionnaire.questions.get(name)
        for option in options if question and isinstance(options, dict) else ():
            if question and option not in question.options_by_id:
                path = ("questions", name, "options", option)
                report(
                    errors.TRANSLATION_UNKNOWN, path,
                    key=f"options of '{name}'", id=option, reference=questionnaire.reference, suggestion="",
                )  # fmt: skip
