"""What must hold of every valid questionnaire, however it is written."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from itertools import count
from random import Random
from typing import Any

import yaml
from hypothesis import assume, given, reject
from hypothesis import strategies as st
from pydantic import ValidationError

from assessment.questionnaire.loading import load_questionnaire
from assessment.questionnaire.lock import content_hash
from assessment.questionnaire.models import Questionnaire
from tests.laws import tried
from tests.questionnaire.builders import as_yaml

TRICKY = [
    "No",
    "on",
    "5.10",
    "2026-12-01",
    "~",
    "null",
    "true",
    "- a",
    "a: b",
    "#1",
    "&a",
    "*a",
    "!x",
    "'",
    '"',
    "1e5",
]
#: Every character that a questionnaire may hold; a line break comes from folded text only.
characters = st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co", "Zl", "Zp"])
texts = st.sampled_from(TRICKY) | st.text(characters, min_size=1, max_size=40).filter(str.strip)
# JSON writes very small and very large numbers as 1e-07, which a questionnaire takes for text.
numbers = (
    st.integers(-100, 100) | st.integers(-800, 800).map(lambda n: n / 8) | st.sampled_from([1 / 3, 0.1 + 0.2])
)
positive = st.integers(1, 10) | st.integers(1, 800).map(lambda n: n / 8) | st.just(1 / 3)
modest = tried(40)


def optional(draw: st.DrawFn, **fields: st.SearchStrategy[Any]) -> dict[str, Any]:
    return {name: draw(field) for name, field in fields.items() if draw(st.booleans())}


def scale_of(draw: st.DrawFn, has_levels: bool) -> Any:
    if has_levels:
        first = draw(st.integers(1, 6))
        return [{"level": first + step, "name": draw(texts)} for step in range(draw(st.integers(2, 5)))]
    low, high = draw(st.tuples(numbers, numbers).filter(lambda ends: ends[0] < ends[1]))
    return {"minimum": low, "maximum": high}


def choices(draw: st.DrawFn, scale: Any) -> dict[str, Any]:
    """The levels or options of a question, each read differently."""
    number = len(scale) if isinstance(scale, list) else draw(st.integers(2, 4))
    words = draw(
        st.lists(texts, min_size=number, max_size=number, unique_by=lambda word: word.strip().casefold())
    )
    if isinstance(scale, list):
        return {"levels": {str(entry["level"]): word for entry, word in zip(scale, words, strict=True)}}
    values = [scale["minimum"], scale["maximum"], scale["minimum"], scale["maximum"]]
    return {"options": [{"id": f"o{n}", "label": word, "value": values[n]} for n, word in enumerate(words)]}


def question(draw: st.DrawFn, scale: Any, known: list[str]) -> dict[str, Any]:
    """A question with any field set; it requires and depends on none but `known` ones, so that there is no circle."""
    found = {"id": f"question-{len(known)}", "prompt": draw(texts), **choices(draw, scale)}
    found["units"] = draw(st.sampled_from([["country"], ["domain"], ["country", "domain"]]))
    found |= optional(
        draw, title=texts, help=texts, evidence=texts, weight=positive, core=st.booleans(), effort=st.integers(1, 3),
        phase=st.sampled_from(["before", "during", "both"]), maps_to=st.lists(texts, max_size=2),
    )  # fmt: skip
    if isinstance(scale, list):
        levels = st.sampled_from([entry["level"] for entry in scale])
        found |= optional(draw, gate=st.fixed_dictionaries({"level": levels, "hard": st.booleans()}))
    if known:
        least = scale[-1]["level"] if isinstance(scale, list) else scale["minimum"]
        condition = st.fixed_dictionaries({"question": st.sampled_from(known), "at_least": st.just(least)})
        found |= optional(draw, requires=st.lists(st.sampled_from(known), max_size=2), show_when=condition)
    known.append(found["id"])
    return found


def dimension(
    draw: st.DrawFn, scale: Any, known: list[str], names: Iterator[int], depth: int = 1
) -> dict[str, Any]:
    found = {"id": f"dimension-{next(names)}", "title": draw(texts)}
    found |= optional(draw, summary=texts, weight=positive, aggregate=st.sampled_from(["mean", "minimum"]))
    children = range(draw(st.integers(1, 2)))
    if depth < 3 and draw(st.integers(0, 2)) == 2:
        return found | {"dimensions": [dimension(draw, scale, known, names, depth + 1) for _ in children]}
    return found | {"questions": [question(draw, scale, known) for _ in children]}


@st.composite
def questionnaires(draw: st.DrawFn, *, levels: bool | None = None) -> dict[str, Any]:
    """A valid questionnaire as an author would write it, with any field set or left out."""
    scale = scale_of(draw, draw(st.booleans()) if levels is None else levels)
    head = {
        "id": "example",
        "version": draw(st.sampled_from(["1.0.0", "0.0.1", "10.20.30"])),
        "title": draw(texts),
    }
    head |= optional(
        draw, language=st.sampled_from(["en", "pt-BR"]), status=st.sampled_from(["draft", "published", "retired"]),
        published_on=st.dates().map(str), summary=texts,
        scoring=st.fixed_dictionaries({}, optional={"minimum_coverage": st.sampled_from([0, 0.5, 2 / 3, 1])}),
    )  # fmt: skip
    known: list[str] = []
    names = count()
    dimensions = [dimension(draw, scale, known, names) for _ in range(draw(st.integers(1, 3)))]
    return {**head, "scale": scale, "dimensions": dimensions}


def load(data: Any) -> Questionnaire:
    return load_questionnaire(as_yaml(data), "f.yaml")


def shuffled(random: Random, data: Any) -> Any:
    """The same data with the keys of every mapping in another order."""
    if isinstance(data, dict):
        return {key: shuffled(random, data[key]) for key in random.sample(list(data), len(data))}
    return [shuffled(random, entry) for entry in data] if isinstance(data, list) else data


@modest
@given(
    questionnaires(),
    st.fixed_dictionaries(
        {
            "allow_unicode": st.booleans(),
            "default_flow_style": st.sampled_from([None, False, True]),
            # Not narrower: where the indentation alone is as wide, PyYAML writes a backslash that nobody said.
            "width": st.sampled_from([60, 80, 1_000]),
            "line_break": st.sampled_from(["\n", "\r\n"]),
        }
    ),
)
def test_a_questionnaire_written_as_yaml_loads_back_to_the_same_model(data: Any, manner: Any) -> None:
    written = yaml.safe_dump(data, **manner).encode()
    assert load_questionnaire(written, "f.yaml") == Questionnaire.model_validate(data) == load(data)


@modest
@given(questionnaires(), st.integers(0, 2**32 - 1).map(Random))
def test_the_order_of_keys_does_not_matter(data: Any, random: Random) -> None:
    one, other = load(data), load(shuffled(random, data))
    assert one == other
    assert content_hash(one) == content_hash(other)


def written_out(data: Any) -> Any:
    """The same questionnaire with options in place of levels."""
    if isinstance(data, list):
        return [written_out(entry) for entry in data]
    if not isinstance(data, dict):
        return data
    found = {key: written_out(value) for key, value in data.items() if key != "levels"}
    if "levels" in data:
        found["options"] = [{"id": k, "label": v, "value": int(k)} for k, v in data["levels"].items()]
    return found


@modest
@given(questionnaires(levels=True))
def test_levels_are_a_shorthand_for_options(data: Any) -> None:
    one, other = load(data), load(written_out(data))
    assert one == other
    assert content_hash(one) == content_hash(other)


@modest
@given(questionnaires(), st.sampled_from(["draft", "published", "retired"]), st.dates().map(str))
def test_the_hash_ignores_status_and_publication_date(data: Any, status: str, day: str) -> None:
    other = data | {"status": status, "published_on": day}
    assert content_hash(load(data)) == content_hash(load(other))


def leaves(data: Any) -> Iterator[tuple[Any, Any]]:
    for key in list(data) if isinstance(data, dict) else range(len(data)):
        if key == "units":
            continue
        if isinstance(data[key], dict | list):
            yield from leaves(data[key])
        else:
            yield data, key


def changed(value: Any) -> Any:
    """Another value of the same kind, which fits wherever the first did."""
    others = {"mean": "minimum", "minimum": "mean", "exclude": "minimum", "before": "both", "both": "during"}
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return others.get(value, f"{value}x")
    return value / 2 if isinstance(value, float) else value + 1


@modest
@given(questionnaires(), st.integers(0, 2**32 - 1).map(Random))
def test_the_hash_changes_with_anything_else(data: Any, random: Random) -> None:
    # Validated without the checks across the file: a changed id would be an unknown reference.
    full = Questionnaire.model_validate(data).model_dump(mode="json")
    del full["status"], full["published_on"]
    other = copy.deepcopy(full)
    container, key = random.choice([(c, k) for c, k in leaves(other) if c[k] is not None])
    container[key] = "2.0.0" if key == "version" else changed(container[key])
    try:
        after = Questionnaire.model_validate(other)
    except ValidationError:
        reject()  # a level 11, or an effort of 4
    before = Questionnaire.model_validate(full)
    assume(after != before)  # half of a weight of 0 is 0
    assert content_hash(after) != content_hash(before)


@modest
@given(questionnaires())
def test_the_hash_is_the_same_however_numbers_are_written(data: Any) -> None:
    full = Questionnaire.model_validate(data).model_dump(mode="json")
    assert content_hash(Questionnaire.model_validate(full)) == content_hash(load(data))
