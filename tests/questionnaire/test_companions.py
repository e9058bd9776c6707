"""What stands beside the questionnaires: facts, elements and principles, the shipped ones and spoilt ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assessment import errors
from assessment.errors import Message, Problem, QuestionnaireError
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.companions import (
    Element,
    ElementKind,
    Fact,
    FactType,
    Principle,
    load_elements,
    load_facts,
    load_principles,
)
from assessment.questionnaire.folder import load_catalogue
from tests.questionnaire.builders import as_yaml, dimension, put, question, questionnaire

KNOWN = frozenset({"dgm-exec-sponsor", "dor-contracts"})

FACTS = """\
facts:
  - id: domain-count
    prompt: How many domains are there?
    unit_kinds: [country]
    type: number
  - id: legal-driver
    prompt: Does a law ask for it?
    help: Ask legal staff.
    unit_kinds: [country, domain]
    type: yes_no
"""
ELEMENTS = """\
elements:
  - id: term-customer
    kind: term
    title: What a customer is
    summary: Who counts as one.
  - id: role-owner
    kind: role
    title: Owner
    summary: Who decides.
"""
PRINCIPLES = """\
principles:
  - id: promises-in-writing
    title: Promises stand in writing
    summary: Users know what they get.
    if_skipped: They keep copies.
    questions: [dor-contracts]
  - id: a-sponsor
    title: Somebody senior backs it
    summary: A name and a decision.
    if_skipped: Disputes stay open.
    questions:
      - dgm-exec-sponsor
      - dor-contracts
"""


@dataclass(frozen=True)
class Listing:
    """One of the three files: a good one, and how it is loaded."""

    name: str
    good: str
    load: Callable[[bytes, str], tuple[Fact | Element | Principle, ...]]

    @property
    def key(self) -> str:
        return self.name.removesuffix(".yaml")


LISTINGS = {
    "facts": Listing("facts.yaml", FACTS, load_facts),
    "elements": Listing("elements.yaml", ELEMENTS, load_elements),
    "principles": Listing(
        "principles.yaml", PRINCIPLES, lambda content, source: load_principles(content, source, KNOWN)
    ),
}
every_listing = pytest.mark.parametrize("listing", LISTINGS.values(), ids=LISTINGS)


def spoilt(text: str, was: str, becomes: str) -> bytes:
    assert text.count(was) == 1, f"{text.count(was)} places for '{was}'"
    return text.replace(was, becomes).encode()


def refused(listing: Listing, content: bytes) -> tuple[Problem, ...]:
    with pytest.raises(QuestionnaireError) as refusal:
        listing.load(content, listing.name)
    return refusal.value.problems


def only(listing: Listing, message: Message, line: int, /, **values: object) -> tuple[Problem, ...]:
    return (message.at(listing.name, line, **values),)


# What is shipped --------------------------------------------------------------------------------------------


def test_the_six_facts_are_asked_that_say_whether_it_is_needed_at_all(catalogue: Catalogue) -> None:
    asked = {fact.id: (fact.type, fact.unit_kinds) for fact in catalogue.facts}
    both = ("country", "domain")
    six = {
        "domain-count": (FactType.NUMBER, ("country",)),
        "producing-teams": (FactType.NUMBER, both),
        "countries-shared-with": (FactType.NUMBER, both),
        "central-team-wait": (FactType.NUMBER, both),
        "regulated-data-share": (FactType.SHARE, both),
        "live-data-products": (FactType.NUMBER, both),
    }
    assert {name: asked[name] for name in six} == six


def test_the_facts_are_asked_that_rules_for_verdicts_read(catalogue: Catalogue) -> None:
    asked = {fact.id: fact for fact in catalogue.facts}
    assert asked["legal-driver"].type is FactType.YES_NO
    assert asked["stale-product-share"].type is FactType.SHARE
    rules = catalogue.latest_verdicts()
    assert rules is not None
    read = set(_values_at("fact", rules.model_dump(mode="json")))
    assert read == {"legal-driver", "stale-product-share"}
    assert read <= asked.keys()


def _values_at(key: str, data: Any) -> Iterator[str]:
    """Every text at `key`, at any depth."""
    if isinstance(data, Mapping):
        for name, value in data.items():
            if name == key and isinstance(value, str):
                yield value
            yield from _values_at(key, value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _values_at(key, value)


def test_every_fact_says_what_to_count(catalogue: Catalogue) -> None:
    assert [fact.id for fact in catalogue.facts if not fact.help or not fact.prompt.endswith("?")] == []


def test_about_25_elements_of_five_kinds_could_be_common(catalogue: Catalogue) -> None:
    kinds = Counter(element.kind for element in catalogue.elements)
    assert 20 <= kinds.total() <= 30
    assert set(kinds) == set(ElementKind)
    assert min(kinds.values()) >= 3
    assert [e.id for e in catalogue.elements if not e.id.startswith(f"{e.kind}-")] == []


@pytest.mark.parametrize("key", ["facts", "elements", "principles"])
def test_nothing_shipped_stands_there_twice(catalogue: Catalogue, key: str) -> None:
    listing: tuple[Fact | Element | Principle, ...] = getattr(catalogue, key)
    titles = [entry.prompt if isinstance(entry, Fact) else entry.title for entry in listing]
    assert listing
    assert len({entry.id for entry in listing}) == len(set(titles)) == len(listing)


def test_every_principle_names_questions_that_are_asked_and_what_happens_without_it(
    catalogue: Catalogue,
) -> None:
    asked = {name for entry in catalogue.questionnaires.values() for name in entry.questions}
    for principle in catalogue.principles:
        assert principle.questions, principle.id
        assert set(principle.questions) <= asked
        assert len(set(principle.questions)) == len(principle.questions)
        assert principle.if_skipped != principle.summary


def test_the_principles_lean_on_all_three_questionnaires(catalogue: Catalogue) -> None:
    named = {question for principle in catalogue.principles for question in principle.questions}
    assert {name.partition("-")[0] for name in named} == {"dgm", "dor", "spr"}


# What is refused -----------------------------------------------------------------------------------------------


@every_listing
def test_a_good_file_loads_in_its_order(listing: Listing) -> None:
    found = listing.load(listing.good.encode(), listing.name)
    assert [f"  - id: {entry.id}" for entry in found] == [
        line for line in listing.good.splitlines() if line.startswith("  - id: ")
    ]


def test_what_a_good_file_says_is_what_is_loaded() -> None:
    assert load_facts(FACTS.encode(), "f")[1] == Fact(
        id="legal-driver", prompt="Does a law ask for it?", help="Ask legal staff.",
        unit_kinds=("country", "domain"), type=FactType.YES_NO,
    )  # fmt: skip
    assert load_elements(ELEMENTS.encode(), "f")[0] == Element(
        id="term-customer", kind=ElementKind.TERM, title="What a customer is", summary="Who counts as one."
    )
    assert load_principles(PRINCIPLES.encode(), "f", KNOWN)[1].questions == (
        "dgm-exec-sponsor",
        "dor-contracts",
    )


@every_listing
def test_an_id_that_stands_twice_is_refused_where_it_stands_again(listing: Listing) -> None:
    first, second = (entry.id for entry in listing.load(listing.good.encode(), listing.name))
    lines = listing.good.splitlines()
    again = lines.index(f"  - id: {second}") + 1
    what = listing.key.removesuffix("s")
    assert refused(listing, spoilt(listing.good, f"id: {second}", f"id: {first}")) == only(
        listing, errors.ID_DUPLICATE, again, what=what, id=first, first=2
    )


def test_an_id_that_stands_a_third_time_is_refused_with_the_line_of_the_first() -> None:
    fact = "  - {id: law, prompt: Which, unit_kinds: [country], type: text}\n"
    facts = LISTINGS["facts"]
    assert refused(facts, f"facts:\n{fact * 3}".encode()) == tuple(
        errors.ID_DUPLICATE.at(facts.name, line, what="fact", id="law", first=2) for line in (3, 4)
    )


@pytest.mark.parametrize(
    ("name", "was", "becomes", "line", "key", "near", "allowed"),
    [
        ("facts", "help:", "hlep:", 8, "hlep", "help", "id, prompt, help, unit_kinds, type"),
        ("elements", "    kind: role", "    kind: role\n    kinds: x", 8, "kinds", "kind", "id, kind, title, summary"),
        (
            "principles", "    questions: [dor-contracts]", "    question: [dor-contracts]", 6, "question", "questions",
            "id, title, summary, if_skipped, questions",
        ),
    ],
)  # fmt: skip
def test_a_key_that_is_not_known_is_refused_with_a_near_miss(
    name: str, was: str, becomes: str, line: int, key: str, near: str, allowed: str
) -> None:
    listing = LISTINGS[name]
    assert refused(listing, spoilt(listing.good, was, becomes)) == only(
        listing, errors.KEY_UNKNOWN, line, key=key, suggestion=f" Did you mean '{near}'?", allowed=allowed
    )


@every_listing
def test_a_key_at_the_top_that_is_not_known_is_refused(listing: Listing) -> None:
    line = len(listing.good.splitlines()) + 1
    assert refused(listing, f"{listing.good}version: 1.0.0\n".encode()) == only(
        listing, errors.KEY_UNKNOWN, line, key="version", suggestion="", allowed=listing.key
    )


@pytest.mark.parametrize(
    ("name", "was", "line", "key"),
    [
        ("facts", "    prompt: How many domains are there?\n", 2, "prompt"),
        ("facts", "    type: yes_no\n", 6, "type"),
        ("elements", "    summary: Who decides.\n", 6, "summary"),
        ("elements", "    kind: term\n", 2, "kind"),
        ("principles", "    if_skipped: They keep copies.\n", 2, "if_skipped"),
    ],
)
def test_a_key_that_is_missing_is_named_at_its_entry(name: str, was: str, line: int, key: str) -> None:
    listing = LISTINGS[name]
    assert refused(listing, spoilt(listing.good, was, "")) == only(listing, errors.KEY_MISSING, line, key=key)


@pytest.mark.parametrize(
    ("name", "was", "becomes", "line", "key", "value", "allowed", "near"),
    [
        ("facts", "type: number", "type: numbr", 5, "type", "numbr", "number, share, yes_no, text", "number"),
        ("facts", "type: yes_no", "type: yes", 10, "type", "yes", "number, share, yes_no, text", ""),
        ("facts", "[country]", "[group]", 4, "unit_kinds", "group", "country, domain", ""),
        (
            "elements", "kind: role", "kind: roles", 7, "kind", "roles",
            "term, identifier, rule, component, role", "role",
        ),
    ],
)  # fmt: skip
def test_a_type_or_kind_that_does_not_exist_is_refused_with_those_that_do(
    name: str, was: str, becomes: str, line: int, key: str, value: str, allowed: str, near: str
) -> None:
    listing = LISTINGS[name]
    suggested = f" Did you mean '{near}'?" if near else ""
    assert refused(listing, spoilt(listing.good, was, becomes)) == only(
        listing, errors.CHOICE_UNKNOWN, line, key=key, value=value, allowed=allowed, suggestion=suggested
    )


def test_a_fact_that_nobody_is_asked_is_refused() -> None:
    facts = LISTINGS["facts"]
    (problem,) = refused(facts, spoilt(FACTS, "unit_kinds: [country]\n", "unit_kinds: []\n"))
    assert (problem.line, problem.code) == (4, errors.VALUE_INVALID.code)
    assert problem.text.endswith("the list needs 1 or more entries.")


def test_principles_of_a_question_that_nobody_asks_are_refused_each_with_a_near_miss() -> None:
    principles = LISTINGS["principles"]
    text = PRINCIPLES.replace("[dor-contracts]", "[dor-contract, wishes]").replace(
        "exec-sponsor", "exec-sponser"
    )
    # Two on one line come in any order.
    assert set(refused(principles, text.encode())) == {
        errors.QUESTION_UNKNOWN.at(
            "principles.yaml", 6, key="questions", target="dor-contract", suggestion=" Did you mean 'dor-contracts'?"
        ),
        errors.QUESTION_UNKNOWN.at("principles.yaml", 6, key="questions", target="wishes", suggestion=""),
        errors.QUESTION_UNKNOWN.at(
            "principles.yaml", 12, key="questions", target="dgm-exec-sponser",
            suggestion=" Did you mean 'dgm-exec-sponsor'?",
        ),
    }  # fmt: skip


@every_listing
@pytest.mark.parametrize(
    ("content", "message"),
    [("", errors.YAML_EMPTY), ("- id: x\n", errors.MAPPING_EXPECTED), ("{}", errors.KEY_MISSING)],
    ids=["empty", "a list", "nothing in it"],
)
def test_a_file_of_another_form_is_refused(listing: Listing, content: str, message: Message) -> None:
    (problem,) = refused(listing, content.encode())
    assert (problem.source, problem.line, problem.code) == (listing.name, 1, message.code)


@every_listing
def test_entries_without_dashes_are_refused(listing: Listing) -> None:
    assert refused(listing, f"{listing.key}:\n  id: x\n".encode()) == only(
        listing, errors.LIST_EXPECTED, 1, key=listing.key
    )


def test_several_mistakes_in_one_file_come_together_in_order() -> None:
    text = (
        FACTS.replace("legal-driver", "domain-count")
        .replace("type: number", "type: 5")
        .replace("help", "halp")
    )
    found = [(problem.line, problem.code) for problem in refused(LISTINGS["facts"], text.encode())]
    assert found == [
        (5, errors.CHOICE_UNKNOWN.code),
        (6, errors.ID_DUPLICATE.code),
        (8, errors.KEY_UNKNOWN.code),
    ]


# In the folder -------------------------------------------------------------------------------------------------


def test_a_folder_without_companions_has_none(tmp_path: Path) -> None:
    put(tmp_path, questionnaire())
    catalogue = load_catalogue(tmp_path)
    assert (catalogue.facts, catalogue.elements, catalogue.principles, catalogue.verdicts) == ((), (), (), {})
    assert catalogue.latest_verdicts() is None


def test_the_companions_of_a_folder_come_with_its_questionnaires(tmp_path: Path) -> None:
    put(tmp_path, questionnaire())
    (tmp_path / "facts.yaml").write_text(FACTS, encoding="utf-8")
    (tmp_path / "elements.yaml").write_text(ELEMENTS, encoding="utf-8")
    (tmp_path / "principles.yaml").write_text(
        PRINCIPLES.replace("dor-contracts", "sponsor").replace("dgm-exec-sponsor", "sponsor"),
        encoding="utf-8",
    )
    catalogue = load_catalogue(tmp_path)
    assert [fact.id for fact in catalogue.facts] == ["domain-count", "legal-driver"]
    assert [element.id for element in catalogue.elements] == ["term-customer", "role-owner"]
    assert [principle.id for principle in catalogue.principles] == ["promises-in-writing", "a-sponsor"]


def test_the_questions_of_all_questionnaires_and_versions_can_be_named(tmp_path: Path) -> None:
    versions = {"sponsor": ("one", "1.0.0"), "budget": ("one", "1.1.0"), "forum": ("two", "1.0.0")}
    for name, (identifier, version) in versions.items():
        put(tmp_path, questionnaire(dimension("d", question(name)), id=identifier, version=version))
    entry = {"id": "a", "title": "A", "summary": "B", "if_skipped": "C", "questions": list(versions)}
    (tmp_path / "principles.yaml").write_bytes(as_yaml({"principles": [entry]}))
    assert load_catalogue(tmp_path).principles[0].questions == tuple(versions)


@pytest.mark.parametrize(
    ("name", "was", "becomes", "line", "message"),
    [
        ("facts.yaml", "legal-driver", "domain-count", 6, errors.ID_DUPLICATE),
        ("elements.yaml", "kind: role", "kind: rolle", 7, errors.CHOICE_UNKNOWN),
        ("principles.yaml", "[dor-contracts]", "[dor-contract]", 6, errors.QUESTION_UNKNOWN),
    ],
)
def test_a_spoilt_companion_refuses_the_whole_folder_and_is_named(
    tmp_path: Path, name: str, was: str, becomes: str, line: int, message: Message
) -> None:
    put(tmp_path, questionnaire(id="one"))
    good = LISTINGS[name.removesuffix(".yaml")].good
    content = spoilt(good, was, becomes).decode().replace("dgm-exec-sponsor", "sponsor")
    (tmp_path / name).write_text(content.replace("- dor-contracts", "- sponsor"), encoding="utf-8")
    with pytest.raises(QuestionnaireError) as refusal:
        load_catalogue(tmp_path)
    found = [(problem.source, problem.line, problem.code) for problem in refusal.value.problems]
    assert found == [(name, line, message.code)]


def test_problems_on_one_line_come_in_the_order_of_the_file() -> None:
    names = [f"wish-{n}" for n in range(20)]
    text = (
        f"principles:\n  - {{id: a, title: T, summary: S, if_skipped: I, questions: [{', '.join(names)}]}}\n"
    )
    with pytest.raises(QuestionnaireError) as refusal:
        load_principles(text.encode(), "f", frozenset())
    assert [problem.text.split("'")[3] for problem in refusal.value.problems] == names


def test_a_mistake_in_facts_is_not_told_again_by_every_rule(tmp_path: Path) -> None:
    put(tmp_path, questionnaire())
    (tmp_path / "verdicts").mkdir()
    shipped = Path(__file__).parents[2] / "questionnaires" / "verdicts" / "1.0.0.yaml"
    text = shipped.read_text(encoding="utf-8").replace("status: published", "status: draft", 1)
    (tmp_path / "verdicts" / "1.0.0.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "facts.yaml").write_text(FACTS.replace("help", "halp"), encoding="utf-8")
    with pytest.raises(QuestionnaireError) as refusal:
        load_catalogue(tmp_path)
    assert [problem.source for problem in refusal.value.problems] == ["facts.yaml"]


def test_a_mistake_in_a_questionnaire_is_not_told_again_by_every_principle(tmp_path: Path) -> None:
    put(tmp_path, questionnaire(titel="x"))
    (tmp_path / "principles.yaml").write_text(
        PRINCIPLES.replace("dor-contracts", "sponsor").replace("dgm-exec-sponsor", "sponsor"),
        encoding="utf-8",
    )
    with pytest.raises(QuestionnaireError) as refusal:
        load_catalogue(tmp_path)
    assert {problem.source for problem in refusal.value.problems} == {"example/1.0.0/questionnaire.yaml"}
