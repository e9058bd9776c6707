"""Random questionnaires and answers, in the short way of `shorthand.py`.

Everything takes a `random.Random`: a seeded one, or Hypothesis's, which can shrink what it chose.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

LEVELS = {"scale": [{"level": level, "name": f"Level {level}"} for level in range(1, 6)]}
THREE_LEVELS = {"scale": [{"level": level, "name": f"Level {level}"} for level in range(1, 4)]}
HUNDRED = {"scale": {"minimum": 0, "maximum": 100}, "options": [0, 12.5, 50, 100]}
BELOW_ZERO = {"scale": {"minimum": -1, "maximum": 1}, "options": [-0.5, 0, 0.25, 1]}
SCALES = (LEVELS, THREE_LEVELS, HUNDRED, BELOW_ZERO)
AGGREGATES = ("mean", "geometric", "harmonic", "minimum")
UNITS = {"FR": ["sales", "finance"], "DE": ["sales"]}
UNIT_IDS = ("FR", "DE", "FR.sales", "FR.finance", "DE.sales")
_WEIGHTS = (1, 1, 1, 2, 3, 0.1, 7.25, 0)
_EVIDENCE = ("", "", " with document", " with record", " with independent")


def questionnaire(
    random: Random,
    identifier: str = "x",
    scales: Sequence[Any] = SCALES,
    branching: bool = True,
    kinds: bool = True,
) -> dict[str, Any]:
    """A questionnaire of up to three levels of dimensions, with every rule that can be set.

    Its questions' ids begin with `identifier`. `branching`: some depend on others. `kinds`: some are asked of countries
    or of domains only.
    """
    scale = random.choice(scales)
    aggregates = ("mean", "minimum") if scale is BELOW_ZERO else AGGREGATES
    numbers = iter(range(1, 1000))

    def dimension(depth: int) -> dict[str, Any]:
        own: dict[str, Any] = {"weight": random.choice(_WEIGHTS)}
        if random.randrange(4) == 3:
            own["aggregate"] = random.choice(aggregates)
        if depth < 3 and random.randrange(3) == 2:
            return own | {"dimensions": dimensions(depth + 1)}
        names = [f"{identifier}-q{next(numbers)}" for _ in range(random.randint(1, 4))]
        return own | {
            "questions": _some_weight({name: {"weight": random.choice(_WEIGHTS)} for name in names})
        }

    def dimensions(depth: int) -> dict[str, Any]:
        names = [f"d{next(numbers)}" for _ in range(random.randint(1, 3))]
        return _some_weight({name: dimension(depth) for name in names})

    found = {
        "id": identifier,
        **scale,
        "scoring": {
            "aggregate": random.choice(aggregates),
            "minimum_coverage": random.choice((0, 0.25, 2 / 3, 1)),
            "dont_know": random.choice(("minimum", "minimum", "exclude")),
            "unanswered": random.choice(("exclude", "exclude", "minimum")),
        },
        "dimensions": dimensions(1),
    }
    conditions = _conditions(random, list(questions_of(found)), values_of(found)) if branching else {}
    others = {condition["question"] for condition in conditions.values()}
    for name, fields in questions_of(found).items():
        if name in conditions:
            fields["show_when"] = conditions[name]
        if (
            kinds and name not in others
        ):  # the design leaves open what a condition on an unasked question means
            fields["units"] = random.choice(
                (["country", "domain"], ["country", "domain"], ["country"], ["domain"])
            )
    return found


def _some_weight(children: dict[str, Any]) -> dict[str, Any]:
    if all(child["weight"] == 0 for child in children.values()):
        next(iter(children.values()))["weight"] = 1
    return children


def _conditions(random: Random, names: list[str], values: Sequence[float]) -> dict[str, Any]:
    """`show_when` for some questions, each on one that comes before it in an order of their own: no circles."""
    order = random.sample(names, len(names))
    return {
        name: {"question": random.choice(order[:place]), "at_least": random.choice(values)}
        for place, name in enumerate(order)
        if place and random.randrange(4) == 3
    }


def questions_of(short: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every question's fields by its id."""

    def below(dimensions: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        for fields in dimensions.values():
            yield from fields.get("questions", {}).items()
            yield from below(fields.get("dimensions", {}))

    return dict(below(short["dimensions"]))


def values_of(short: dict[str, Any]) -> list[float]:
    """What may be chosen, in rising order."""
    return short.get("options") or [entry["level"] for entry in short["scale"]]


def answers(random: Random, short: dict[str, Any], respondents: bool = True) -> dict[str, Any]:
    """Answers of one unit: values with and without evidence, absences of every kind, several respondents."""
    values = values_of(short)

    def answer() -> str:
        kind = random.randrange(10)
        if kind >= 8:
            return ("not applicable", "don't know")[kind - 8]
        return f"{random.choice(values)}{random.choice(_EVIDENCE)}"

    def entry() -> Any:
        if respondents and random.randrange(10) == 9:
            return {name: answer() for name in random.sample(("agreed", "ann", "ben"), random.randint(1, 3))}
        return answer()

    return {name: entry() for name in questions_of(short) if random.randrange(7) > 0}


def case(random: Random, count: int) -> dict[str, Any]:
    """So many questionnaires with answers of two countries and their domains."""
    shorts = [questionnaire(random, f"x{number}") for number in range(count)]
    given = {unit: {q: a for short in shorts for q, a in answers(random, short).items()} for unit in UNIT_IDS}
    return {"questionnaires": shorts, "units": UNITS, "answers": given}
