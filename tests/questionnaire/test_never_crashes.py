"""Whatever a file holds, it is a questionnaire, or it is refused with at least one reason that names a place."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from random import Random
from typing import Any

from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from assessment.errors import QuestionnaireError
from assessment.questionnaire.loading import load_questionnaire
from assessment.questionnaire.models import Questionnaire
from tests.questionnaire.builders import as_yaml, dimension, question, questionnaire

SCRAPS = [
    *"-?:,[]{}#&*!|>'\"%@`\\~=<\t\n\r \x00\x85\u2028\ud800\ufeff0",
    "- ", ": ", "? ", "<<: ", "&a ", "*a ", "!!int ", "!<tag:x> ", "%YAML 1.2\n---\n", "%TAG ! x\n", "---\n", "...\n",
    "|2\n", ">-\n", "\n  ", '"\\x', '"\\U', "id: ", "levels: ", "{level: 1, name: a}", "null", "true", "1.5", "é",
]  # fmt: skip

OWN = [{"id": "no", "label": "Nobody", "value": 1}, {"id": "yes", "label": "Somebody", "value": 3}]
FULL = questionnaire(
    dimension(
        "direction",
        question("sponsor", gate={"level": 2, "hard": True}, maps_to=["DC1"], help="Ask around.", weight=0.5),
        question("owner", requires=["sponsor"], show_when={"question": "sponsor", "at_least": 2}, effort=1),
        weight=2,
        aggregate="minimum",
    ),
    {"id": "rest", "title": "Rest", "dimensions": [dimension("inner", question("forum", options=OWN))]},
    status="draft",
    published_on="2026-12-01",
    summary="How it goes.",
    scoring={"aggregate": "mean", "minimum_coverage": 0.5, "dont_know": "minimum", "unanswered": "exclude"},
)

KEYS = (
    "levels",
    "options",
    "weight",
    "aggregate",
    "scale",
    "questions",
    "dimensions",
    "show_when",
    "id",
    "value",
)
scalars = st.sampled_from(
    [
        None,
        True,
        False,
        0,
        1,
        -1,
        2,
        99,
        1.5,
        10**14,
        -0.5,
        "",
        " ",
        "sponsor",
        "owner",
        "direction",
        "1",
        "x" * 2_001,
    ]
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "level", "levels", "question", "weight", "minimum", "1", ""]), inner
        )
    ),
    max_leaves=5,
)


def loads_or_says_why(content: bytes) -> Questionnaire | None:
    try:
        return load_questionnaire(content, "f.yaml")
    except QuestionnaireError as error:
        refusal = error
    lines = len(content.splitlines()) + 1
    assert refusal.problems
    assert all(0 <= problem.line <= lines and problem.text for problem in refusal.problems), refusal
    str(refusal).encode()
    return None


@given(st.binary(max_size=200))
@example(b"\xff\xfe")
@settings(deadline=None)
def test_any_bytes_are_refused_with_a_reason(content: bytes) -> None:
    loads_or_says_why(content)


@given(st.lists(st.sampled_from(SCRAPS), max_size=30).map("".join))
@settings(deadline=None, max_examples=200)
def test_any_scraps_of_yaml_are_refused_with_a_reason(text: str) -> None:
    loads_or_says_why(text.encode("utf-8", "surrogatepass"))


@given(st.integers(0, 2**32 - 1).map(Random), st.lists(st.sampled_from(SCRAPS), min_size=1, max_size=3))
@settings(deadline=None, max_examples=100, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_a_questionnaire_with_scraps_strewn_in_loads_or_says_why(random: Random, scraps: list[str]) -> None:
    text = as_yaml(FULL).decode()
    for scrap in scraps:
        place = random.randrange(len(text))
        text = text[:place] + scrap + text[place + random.randrange(3) :]
    loads_or_says_why(text.encode("utf-8", "surrogatepass"))


def places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Every container below with each of its keys or indexes."""
    for key in list(data) if isinstance(data, dict) else range(len(data)):
        yield data, key
        if isinstance(data[key], dict | list):
            yield from places(data[key])


@given(st.integers(0, 2**32 - 1).map(Random), st.lists(values, min_size=1, max_size=3))
@settings(deadline=None, max_examples=150, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_a_questionnaire_with_anything_in_any_place_loads_or_says_why(
    random: Random, strange: list[Any]
) -> None:
    data = copy.deepcopy(FULL)
    for value in strange:
        container, key = random.choice(list(places(data)))
        key = random.choice((key, key, *KEYS)) if isinstance(container, dict) else key
        container[key] = copy.deepcopy(value)
    loads_or_says_why(as_yaml(data))


@given(st.integers(0, 2**32 - 1).map(Random))
@settings(deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_a_questionnaire_with_anything_missing_loads_or_says_why(random: Random) -> None:
    data = copy.deepcopy(FULL)
    for _ in range(random.randint(1, 3)):
        container, key = random.choice(list(places(data)))
        del container[key]
    loads_or_says_why(as_yaml(data))


def test_the_questionnaire_that_is_spoilt_here_is_a_good_one() -> None:
    assert loads_or_says_why(as_yaml(FULL)) is not None
