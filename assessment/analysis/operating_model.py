"""Where a domain stands between central and domain ownership: the first class that fits, and what it misses.

Describes how work is shared out; no class is better than another. Reads claimed levels and says how many of them
evidence supports.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from assessment.analysis.readings import Known, Reading, Readings, lower_median
from assessment.i18n import count, joined, t
from assessment.questionnaire.models import UnitKind
from assessment.questionnaire.verdicts import Input, ModelClass, OperatingModelRules

#: No level is better.
HIGHEST = 5


@dataclass(frozen=True, slots=True)
class Bound:
    """One condition of a class: an input, its limits, and the level found."""

    title: str
    at_least: int | None
    at_most: int | None
    found: int

    @property
    def is_met(self) -> bool:
        return (self.at_least is None or self.found >= self.at_least) and (
            self.at_most is None or self.found <= self.at_most
        )


@dataclass(frozen=True, slots=True)
class OperatingModelFinding:
    """A domain's operating model; `chosen` is None when an input is missing, and `missing` names those.

    `behind` has the readings behind each missing input: of a country's question that only domains are asked, theirs.

    `nearest` is the class before the chosen one in the rules' order, with the bounds that keep the domain from it.
    `borderline` are the classes that one level more or less in one input would make. `supported` of the `inputs`
    rest on evidence that carries them.
    """

    unit_id: str
    levels: Mapping[str, int]
    missing: tuple[str, ...]
    chosen: ModelClass | None
    nearest: ModelClass | None
    bounds: tuple[Bound, ...]
    borderline: tuple[ModelClass, ...]
    principles_met: int
    principles: int
    supported: int
    inputs: int
    behind: Mapping[str, tuple[Reading, ...]] = field(default_factory=dict)


def operating_model(
    unit_id: str, readings: Readings, rules: OperatingModelRules, hard_gates: Mapping[str, Sequence[str]]
) -> OperatingModelFinding:
    """The operating model of a domain.

    Args:
        unit_id: The domain; of a country, the model that its own and its domains' median levels make.
        readings: The answers of the round.
        rules: Inputs, classes and principles.
        hard_gates: The questions with hard gates of each questionnaire, by its id.
    """
    read = {name: _read(unit_id, entry, readings, hard_gates) for name, entry in rules.inputs.items()}
    levels = {name: level for name, (level, _) in read.items() if level is not None}
    missing = tuple(name for name in rules.inputs if name not in levels)
    supported = sum(is_supported for level, is_supported in read.values() if level is not None)
    chosen = None if missing else classify(levels, rules)
    place = rules.classes.index(chosen) if chosen else 0
    nearest = rules.classes[place - 1] if chosen and place else None
    return OperatingModelFinding(
        unit_id, levels, missing, chosen, nearest,
        tuple(bounds_of(nearest, levels, rules)) if nearest else (),
        _borderline(levels, rules, chosen) if chosen else (),
        sum(all(levels.get(name, 0) >= least for name, least in entry.at_least.items()) for entry in rules.principles),
        len(rules.principles), supported, len(rules.inputs),
        {name: tuple(_behind(unit_id, rules.inputs[name], readings, hard_gates)) for name in missing},
    )  # fmt: skip


def classify(levels: Mapping[str, int], rules: OperatingModelRules) -> ModelClass:
    """The first class whose every bound is met; the last has none and takes the rest."""
    return next(entry for entry in rules.classes if _fits(entry, levels))


def _fits(entry: ModelClass, levels: Mapping[str, int]) -> bool:
    # Without bounds to show: every neighbour of 900 domains is classified.
    return all(levels[name] >= least for name, least in entry.at_least.items()) and all(
        levels[name] <= most for name, most in entry.at_most.items()
    )


def bounds_of(entry: ModelClass, levels: Mapping[str, int], rules: OperatingModelRules) -> Iterator[Bound]:
    """The conditions of a class beside the levels found."""
    for name in dict.fromkeys([*entry.at_least, *entry.at_most]):
        title = rules.inputs[name].title
        yield Bound(title, entry.at_least.get(name), entry.at_most.get(name), levels[name])


def _borderline(
    levels: Mapping[str, int], rules: OperatingModelRules, chosen: ModelClass
) -> tuple[ModelClass, ...]:
    """The other classes that one level in one input would make, in the rules' order."""
    neighbours = [
        classify({**levels, name: level + step}, rules)
        for name, level in levels.items()
        for step in (-1, 1)
        if 1 <= level + step <= HIGHEST
    ]
    return tuple(entry for entry in rules.classes if entry in neighbours and entry != chosen)


def _read(
    unit_id: str, entry: Input, readings: Readings, hard_gates: Mapping[str, Sequence[str]]
) -> tuple[int | None, bool]:
    """An input's claimed level, and whether evidence carries it; None when it is unknown."""
    if entry.hard_gates_of is not None:
        asked = hard_gates.get(entry.hard_gates_of, ())
        found = _levels(readings.about(unit_id, name) for name in asked)
        known = [reading for reading in found if reading is not None]
        if not known or len(known) < len(found):
            return None, False
        claimed = lower_median([reading.claimed or 0 for reading in known])
        return claimed, lower_median([reading.supported or 0 for reading in known]) >= claimed
    tried = _levels(readings.about(unit_id, name) for name in entry.questions)
    better = [reading for reading in tried if reading is not None]
    if not better:
        return None, False
    best = max(better, key=lambda reading: (reading.claimed or 0, reading.supported or 0))
    if len(better) < len(tried) and best.claimed != HIGHEST:
        # The one that nobody knows could be the better.
        return None, False
    return best.claimed, best.supported == best.claimed


def _levels(readings: Iterator[Reading]) -> list[Reading | None]:
    """The readings that have a level; None for those that don't, without the accepted 'not applicable'."""
    return [reading if reading.known is Known.LEVEL else None for reading in readings if not reading.is_out]


def _behind(
    unit_id: str, entry: Input, readings: Readings, hard_gates: Mapping[str, Sequence[str]]
) -> Iterator[Reading]:
    """Every reading that an input rests on; of a country's domains, where only they are asked, each."""
    is_country = readings.organisation.units[unit_id].kind is UnitKind.COUNTRY
    for name in entry.questions if entry.hard_gates_of is None else hard_gates.get(entry.hard_gates_of, ()):
        question = readings.questions.get(name)
        if question is not None and is_country and not question.is_asked_of(UnitKind.COUNTRY):
            yield from readings.of_domains(unit_id, name)
        else:
            yield readings.about(unit_id, name)


def missing_words(
    finding: OperatingModelFinding, rules: OperatingModelRules, label: Callable[[str], str]
) -> list[str]:
    """Of each input without a level, why it has none; absences are told apart, because each needs something else.

    `label` names the unit whose answer it is, where it isn't the finding's own.
    """
    return [
        t("“{input}”: {why}", input=rules.inputs[name].title, why=_why(finding.unit_id, readings, label))
        for name, readings in finding.behind.items()
    ]


def _why(unit_id: str, readings: Sequence[Reading], label: Callable[[str], str]) -> str:
    if not readings:
        return t("there is nobody to ask")
    found, sources = Counter(map(_state_words, readings)), {entry.source_unit_id for entry in readings}
    if len(readings) == 1:
        (why,) = found
    else:
        # Several questions of one unit, or one question of several domains.
        of_domains = len({entry.question_id for entry in readings}) == 1
        everybody = count(len(readings), "domain") if of_domains else count(len(readings), "answer")
        parts = joined(t("{words} in {n}", words=words, n=number) for words, number in found.most_common())
        why = t("of {all}, {parts}", all=everybody, parts=parts)
    if len(sources) == 1 and unit_id not in sources:
        return t("{why} (asked of {unit})", why=why, unit=label(*sources))
    return why


def _state_words(reading: Reading) -> str:
    if reading.is_out:
        return t("not applicable (accepted)")
    return {
        Known.LEVEL: t("a level"),
        Known.DONT_KNOW: t("don't know"),
        Known.NOT_APPLICABLE: t("not applicable (not accepted yet)"),
        Known.UNANSWERED: t("no answer sent"),
        Known.NOT_ASKED: t("not asked in this round"),
    }[reading.known]
