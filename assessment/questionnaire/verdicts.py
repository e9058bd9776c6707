"""The rules that turn answers into verdicts, as data: `verdicts/<version>.yaml`, with the reasoning that the app shows.

Nothing here decides anything: `assessment.analysis` applies the rules. Which answer a rule reads, and what an unknown
does to it, is the same for all of them and no choice of an author.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from assessment.errors import suggestion
from assessment.questionnaire.models import (
    DateText,
    Frozen,
    Identifier,
    Number,
    QuestionPhase,
    Status,
    Text,
    Version,
    Weight,
    Whole,
)

#: The levels of the product's own questionnaires; rules read nothing else.
LevelNumber = Annotated[Whole, Field(ge=1, le=5)]
Share = Annotated[Number, Field(ge=0, le=1)]
Points = Annotated[Number, Field(ge=0)]
Questions = Annotated[tuple[Identifier, ...], Field(min_length=1)]


class Extent(StrEnum):
    """Whose answers a requirement reads: the unit's own, those of each of its domains, or of each live one."""

    UNIT = "unit"
    DOMAINS = "domains"
    LIVE_DOMAINS = "live_domains"


class Clause(Frozen):
    """One answer against a level, or one fact: a yes, or a number above a limit."""

    question: Identifier | None = None
    at_least: LevelNumber | None = None
    at_most: LevelNumber | None = None
    fact: Identifier | None = None
    above: Points | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Clause:
        limits = [self.at_least, self.at_most].count(None)
        is_of_question = (
            self.question is not None and limits == 1 and self.fact is None and self.above is None
        )
        is_of_fact = self.fact is not None and limits == 2 and self.question is None
        if not (is_of_question or is_of_fact):
            raise ValueError("it takes a 'question' with 'at_least' or 'at_most', or a 'fact'")
        return self


class Condition(Frozen):
    """True when every clause of `all` and one of `any` is; without clauses always true."""

    all: tuple[Clause, ...] = ()
    any: tuple[Clause, ...] = ()


class Advice(Frozen):
    """A result in words: its name, and what follows from it."""

    title: Text
    what_follows: Text


class Requirement(Frozen):
    """The level that a stage needs; of domains, at least `share` of them have to reach it."""

    question: Identifier
    at_least: LevelNumber
    of: Extent = Extent.UNIT
    share: Annotated[Number, Field(gt=0, le=1)] = 1.0

    @model_validator(mode="after")
    def _shares_domains(self) -> Requirement:
        if self.of is Extent.UNIT and self.share != 1:
            raise ValueError("a 'share' is of domains; add 'of: domains'")
        return self


class Pilot(Frozen):
    """Before a pilot: the gates that stand at the questions, of which some floors may be waived."""

    title: Text
    why: Text
    waivable_floors: Annotated[Whole, Field(ge=0)]


class Stage(Frozen):
    """A later step with requirements of its own, met in so many rounds in a row."""

    title: Text
    why: Text
    requirements: Annotated[tuple[Requirement, ...], Field(min_length=1)]
    rounds_in_a_row: Annotated[Whole, Field(ge=1)] = 1
    no_domain_in_band: Identifier | None = None

    @model_validator(mode="after")
    def _needs_each_once(self) -> Stage:
        _require_different("question", [entry.question for entry in self.requirements])
        return self


class GateRules(Frozen):
    """Three stages: the first pilot, the third domain or second country, and work that lasts."""

    why: Text
    pilot: Pilot
    scale: Stage
    sustain: Stage


class Input(Frozen):
    """What the operating model reads: the better level of `questions`, or the median of a questionnaire's hard gates."""

    title: Text
    questions: tuple[Identifier, ...] = ()
    hard_gates_of: Identifier | None = None

    @model_validator(mode="after")
    def _reads_one_thing(self) -> Input:
        if bool(self.questions) == (self.hard_gates_of is not None):
            raise ValueError("an input has either 'questions' or 'hard_gates_of'")
        return self


class ModelClass(Frozen):
    """One operating model, and the levels of the inputs that make it; the last class has none and takes the rest."""

    id: Identifier
    title: Text
    summary: Text
    next_step: Text
    at_least: Mapping[Identifier, LevelNumber] = {}
    at_most: Mapping[Identifier, LevelNumber] = {}

    @model_validator(mode="after")
    def _can_be_met(self) -> ModelClass:
        crossed = [name for name, level in self.at_most.items() if level < self.at_least.get(name, level)]
        if crossed:
            raise ValueError(f"'{crossed[0]}' can't be at least and at most these levels at once")
        return self


class WorkingPrinciple(Frozen):
    """One of the ideas that the operating model consists of, met at these levels."""

    title: Text
    at_least: Annotated[Mapping[Identifier, LevelNumber], Field(min_length=1)]


class OperatingModelRules(Frozen):
    """Where a domain stands between central and domain ownership; the first class that fits."""

    why: Text
    inputs: Annotated[Mapping[Identifier, Input], Field(min_length=1)]
    classes: Annotated[tuple[ModelClass, ...], Field(min_length=1)]
    principles: tuple[WorkingPrinciple, ...]

    @model_validator(mode="after")
    def _fits_together(self) -> OperatingModelRules:
        used = [name for entry in self.classes for name in (*entry.at_least, *entry.at_most)]
        used += [name for entry in self.principles for name in entry.at_least]
        _require_known("input", used, self.inputs)
        _require_different("class", [entry.id for entry in self.classes])
        if [bool(entry.at_least or entry.at_most) for entry in self.classes].count(False) != 1:
            raise ValueError("one class has no levels and takes the rest")
        if self.classes[-1].at_least or self.classes[-1].at_most:
            raise ValueError("the class without levels takes the rest, so it comes last")
        return self


class WeightedQuestion(Frozen):
    question: Identifier
    weight: Weight


class Band(Frozen):
    """A stretch of an index up to and including `up_to`."""

    id: Identifier
    title: Text
    up_to: Points


class ForcedBand(Frozen):
    """A condition that puts a domain into a band whatever its index."""

    band: Identifier
    why: Text
    when: Condition

    @model_validator(mode="after")
    def _has_a_reason(self) -> ForcedBand:
        if not (self.when.all or self.when.any):
            raise ValueError("'when' needs a clause; without one every domain would be forced")
        return self


class SustainabilityRules(Frozen):
    """The index of risk, 0 to 100: a share for the weighted mean of all answers, the rest for the worst of them."""

    why: Text
    answers: Annotated[tuple[WeightedQuestion, ...], Field(min_length=1)]
    mean_share: Share
    worst: Annotated[Whole, Field(ge=1)]
    bands: Annotated[tuple[Band, ...], Field(min_length=1)]
    forced: tuple[ForcedBand, ...] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> SustainabilityRules:
        limits = [band.up_to for band in self.bands]
        if limits != sorted(set(limits)) or limits[-1] != 100:
            raise ValueError("the bands rise, and the last ends at 100")
        _require_different("question", [entry.question for entry in self.answers])
        _require_different("band", [band.id for band in self.bands])
        if not any(entry.weight for entry in self.answers):
            raise ValueError("at least one answer needs a weight")
        if self.worst > len(self.answers):
            raise ValueError(f"'worst' counts {self.worst} of only {len(self.answers)} answers")
        return self


class ElementRules(Frozen):
    """Elements that no law splits are common from this share of countries on that have them the same way."""

    common_share: Share
    common: Advice
    common_with_local_part: Advice
    local: Advice
    contested: Advice


class SpreadRules(Frozen):
    """A question's median over countries against its interquartile range, both in levels."""

    high_from: LevelNumber
    narrow_up_to: Points
    high_narrow: Advice
    high_wide: Advice
    low_narrow: Advice
    low_wide: Advice


class CommonOrLocalRules(Frozen):
    why: Text
    elements: ElementRules
    levels: SpreadRules


class PerceptionRules(Frozen):
    """The country's lead against the median of its domains, in levels."""

    why: Text
    minimum_domains: Annotated[Whole, Field(ge=1)]
    amber: Points
    red: Points
    agreement: Annotated[Points, Field(description="The largest average deviation among domains, in levels.")]
    dont_know_share: Share
    lead_claims: LevelNumber
    higher_lead: Advice
    higher_domains: Advice
    invisible: Advice
    no_shared_view: Advice

    @model_validator(mode="after")
    def _rises(self) -> PerceptionRules:
        if self.red < self.amber:
            raise ValueError("'red' is at least 'amber'")
        return self


class CoEvolving(Frozen):
    """What grows with adoption: the questions of these phases, and these."""

    phases: tuple[QuestionPhase, ...]
    questions: tuple[Identifier, ...] = ()


class OrderVerdict(Frozen):
    id: Identifier
    title: Text
    what_follows: Text
    when: Condition = Condition()


class OrderRules(Frozen):
    """Governance first, or both together: the first verdict that is true."""

    why: Text
    prerequisites: Annotated[tuple[Clause, ...], Field(min_length=1)]
    co_evolving: CoEvolving
    co_evolving_target: LevelNumber
    verdicts: Annotated[tuple[OrderVerdict, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _fits_together(self) -> OrderRules:
        _require_different("verdict", [entry.id for entry in self.verdicts])
        open_ones = [not (entry.when.all or entry.when.any) for entry in self.verdicts]
        if open_ones.count(True) != 1 or not open_ones[-1]:
            raise ValueError("exactly the last verdict has no 'when'; it takes the rest")
        return self


class VerdictRules(Frozen):
    """One version of all rules; rounds pin it as they pin questionnaires."""

    id: Literal["verdicts"]
    version: Version
    title: Text
    status: Status = Status.DRAFT
    published_on: DateText | None = None
    summary: Text
    gates: GateRules
    operating_model: OperatingModelRules
    sustainability: SustainabilityRules
    common_or_local: CommonOrLocalRules
    perception: PerceptionRules
    order: OrderRules

    @property
    def reference(self) -> str:
        return f"{self.id}@{self.version}"


def _require_known(what: str, names: Iterable[str], known: Iterable[str]) -> None:
    unknown = sorted(set(names) - set(known))
    if unknown:
        near = suggestion(unknown[0], known).removeprefix(" Did you mean ").removesuffix("?")
        raise ValueError(f"there is no {what} '{unknown[0]}'" + (f"; perhaps {near}" if near else ""))


def _require_different(what: str, names: list[str]) -> None:
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twice:
        raise ValueError(f"the {what} '{twice[0]}' stands twice")
