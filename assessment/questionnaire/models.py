"""The frozen values that a questionnaire file becomes.

A level questionnaire and one with its own options end up the same: a question has options, and an option has a
value on the questionnaire's scale. Only `LevelScale` has levels, and with them gates and evidence caps.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    model_validator,
)

from assessment.questionnaire.shorthands import expand_shorthands


def _existing_day(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise ValueError("there is no such day") from None
    return text


Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Version = Annotated[
    str, StringConstraints(pattern=r"^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$", max_length=80)
]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
# Of one line, because it heads columns and names marks in charts.
ShortName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40, pattern=r"^[^\r\n]+$")
]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
DateText = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_existing_day)
]
# Strict, because a lax 'yes' would become true and a quoted "3" a weight: what was meant is for the author to say.
Weight = Annotated[float, Field(strict=True, ge=0, le=1_000_000, allow_inf_nan=False)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Whole = Annotated[int, Field(strict=True)]
Flag = Annotated[bool, Field(strict=True)]


class Aggregate(StrEnum):
    """How a node's score comes from its children's."""

    MEAN = "mean"
    GEOMETRIC = "geometric"
    HARMONIC = "harmonic"
    MINIMUM = "minimum"


class Missing(StrEnum):
    """What a question without a level does to the score."""

    MINIMUM = "minimum"
    EXCLUDE = "exclude"


class QuestionPhase(StrEnum):
    """When a question matters most; a label for filters and gates, never a reason to skip it."""

    BEFORE = "before"
    DURING = "during"
    BOTH = "both"


class Status(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class UnitKind(StrEnum):
    GROUP = "group"
    COUNTRY = "country"
    DOMAIN = "domain"


class Frozen(BaseModel):
    """A value of a file: never changed, and without keys that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Level(Frozen):
    level: Annotated[Whole, Field(ge=1, le=10)]
    name: Text


class LevelScale(Frozen):
    """Maturity levels in rising order; their numbers are the values."""

    levels: Annotated[tuple[Level, ...], Field(min_length=2)]

    @property
    def minimum(self) -> float:
        return float(self.levels[0].level)

    @property
    def maximum(self) -> float:
        return float(self.levels[-1].level)


class ValueScale(Frozen):
    """Any range of values, for frameworks that bring their own answers."""

    minimum: Number
    maximum: Number


def _scale_kind(data: Any) -> str:
    return (
        "levels"
        if isinstance(data, LevelScale) or (isinstance(data, dict) and "levels" in data)
        else "values"
    )


# Discriminated, so that a fault in a list of levels is not reported as a missing 'minimum' too.
Scale = Annotated[
    Annotated[LevelScale, Tag("levels")] | Annotated[ValueScale, Tag("values")], Discriminator(_scale_kind)
]


class Availability(StrEnum):
    """What becomes of a dimension with too small a share of its children known."""

    KEEP = "keep"
    DROP = "drop"


class Scoring(Frozen):
    """The rules of design §6; the defaults are the product's.

    With `availability: drop`, a node of whose applicable children less than `minimum_availability` have a value, by
    count, has none itself and leaves its parent's mean. Source: COINr's `dat_thresh`.
    """

    aggregate: Aggregate = Aggregate.MEAN
    minimum_coverage: Annotated[Number, Field(ge=0, le=1)] = 2 / 3
    dont_know: Missing = Missing.MINIMUM
    unanswered: Missing = Missing.EXCLUDE
    availability: Availability = Availability.KEEP
    minimum_availability: Annotated[Number, Field(ge=0, le=1)] = 2 / 3


class Option(Frozen):
    """One choice; of a level scale, `id` is the level's number and `label` its descriptor."""

    id: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    label: Text
    value: Number


class Gate(Frozen):
    """The least level that a pilot needs; a hard gate is never waived."""

    level: Annotated[Whole, Field(ge=1)]
    hard: Flag = False


class Condition(Frozen):
    """Show a question only when another's value is at least this."""

    question: Identifier
    at_least: Number


class Question(Frozen):
    id: Identifier
    title: ShortName | None = None
    prompt: Text
    help: Text | None = None
    evidence: Text | None = None
    units: Annotated[tuple[Literal["country", "domain"], ...], Field(min_length=1)]
    weight: Weight = 1.0
    core: Flag = False
    phase: QuestionPhase = QuestionPhase.BOTH
    gate: Gate | None = None
    effort: Annotated[Whole, Field(ge=1, le=3)] = 2
    requires: tuple[Identifier, ...] = ()
    maps_to: tuple[Text, ...] = ()
    show_when: Condition | None = None
    # Scoring holds an option's place in one byte, and needs three more values for the absences.
    options: Annotated[tuple[Option, ...], Field(max_length=253)]

    @cached_property
    def options_by_id(self) -> dict[str, Option]:
        return {option.id: option for option in self.options}

    @property
    def name(self) -> str:
        """What charts and tables call the question: its title, or the prompt when it has none."""
        return self.title or self.prompt

    @property
    def whole_text(self) -> str:
        """The prompt and every option's label, for telling what the question is about."""
        return " ".join([self.prompt, *(option.label for option in self.options)])

    def is_asked_of(self, kind: str) -> bool:
        return kind in self.units


class Dimension(Frozen):
    """Questions, or dimensions, that are scored together."""

    id: Identifier
    title: Text
    summary: Text | None = None
    weight: Weight = 1.0
    aggregate: Aggregate | None = None
    questions: tuple[Question, ...] = ()
    dimensions: tuple[Dimension, ...] = ()

    def all_questions(self) -> Iterator[Question]:
        """Every question below this dimension, in the file's order."""
        yield from self.questions
        for child in self.dimensions:
            yield from child.all_questions()


class Vignette(Frozen):
    """A fictional situation that everybody rates with a question's levels; never scored.

    `level` is what its author had in mind. How far ratings lie from it tells how differently levels are read.
    Source: King et al. 2004, anchoring vignettes.
    """

    id: Identifier
    question: Identifier
    level: Annotated[Whole, Field(ge=1)]
    situation: Text


#: What the rating of a vignette doesn't take over from its question.
_OF_RATINGS = {"title": None, "help": None, "evidence": None, "weight": 0.0, "gate": None}


class Questionnaire(Frozen):
    """One version of one questionnaire; equal content is equal meaning."""

    id: Identifier
    version: Version
    title: Text
    language: Language = "en"
    status: Status = Status.DRAFT
    published_on: DateText | None = None
    summary: Text | None = None
    scale: Scale
    scoring: Scoring = Scoring()
    dimensions: Annotated[tuple[Dimension, ...], Field(min_length=1)]
    vignettes: tuple[Vignette, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _expand_shorthands(cls, data: Any) -> Any:
        return expand_shorthands(data) if isinstance(data, dict) else data

    @property
    def reference(self) -> str:
        """`id@version`, the name that people and the lock use."""
        return f"{self.id}@{self.version}"

    @property
    def has_levels(self) -> bool:
        return isinstance(self.scale, LevelScale)

    @cached_property
    def questions(self) -> dict[str, Question]:
        """Every question by id, in the file's order."""
        return {question.id: question for top in self.dimensions for question in top.all_questions()}

    @cached_property
    def ratings(self) -> dict[str, Question]:
        """The vignettes as what people answer: the options of a question, for a situation; never scored."""
        return {
            vignette.id: self.questions[vignette.question].model_copy(
                update={**_OF_RATINGS, "id": vignette.id}
            )
            for vignette in self.vignettes
        }

    @cached_property
    def answerable(self) -> dict[str, Question]:
        """Everything that an answer can be given to, by id: the questions and the ratings of vignettes."""
        return {**self.questions, **self.ratings}

    @cached_property
    def dimension_of(self) -> dict[str, Dimension]:
        """The dimension that holds each question directly, by question id."""
        return {q.id: dimension for dimension in self.all_dimensions() for q in dimension.questions}

    def all_dimensions(self) -> Iterator[Dimension]:
        """Every dimension, parents before children, in the file's order."""
        stack = [*reversed(self.dimensions)]
        while stack:
            dimension = stack.pop()
            yield dimension
            stack.extend(reversed(dimension.dimensions))

    @property
    def axis(self) -> tuple[tuple[float, str], ...]:
        """The marks of the scale, lowest first: each level with its name, or the two ends of a range of values."""
        if isinstance(self.scale, LevelScale):
            return tuple((float(level.level), level.name) for level in self.scale.levels)
        return ((self.scale.minimum, ""), (self.scale.maximum, ""))

    def level_name(self, level: int) -> str:
        """The name of a level, '' when the scale has none such."""
        levels = self.scale.levels if isinstance(self.scale, LevelScale) else ()
        return next((entry.name for entry in levels if entry.level == level), "")
