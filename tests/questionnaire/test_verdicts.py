"""The rules for verdicts as data: every limit of the blueprint, every combination classified, and broken rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from assessment import errors
from assessment.errors import Message, Problem, QuestionnaireError
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.folder import load_catalogue, write_lock
from assessment.questionnaire.models import Question, Status
from assessment.questionnaire.verdict_loading import Names, load_verdicts
from assessment.questionnaire.verdicts import VerdictRules
from assessment.questionnaire.yaml_source import read_yaml
from tests.questionnaire.builders import dimension, put, question, questionnaire

FILE = Path(__file__).parents[2] / "questionnaires" / "verdicts" / "1.0.0.yaml"
TEXT = FILE.read_text(encoding="utf-8")
SOURCE = "verdicts/1.0.0.yaml"
FACTS = frozenset({"legal-driver", "stale-product-share"})

#: Every limit of the blueprint's section (c), by its place in the file; what is not listed here are words and ids.
LIMITS: dict[str, Any] = {
    # c1: gates
    "gates.pilot.waivable_floors": 2,
    "gates.scale.no_domain_in_band": "high",
    "gates.scale.rounds_in_a_row": 1,
    "gates.sustain.no_domain_in_band": None,
    "gates.sustain.rounds_in_a_row": 2,
    # c3: sustainability risk
    "sustainability.mean_share": 0.5,
    "sustainability.worst": 3,
    # c4: common or local
    "common_or_local.elements.common_share": 0.8,
    "common_or_local.levels.high_from": 3,
    "common_or_local.levels.narrow_up_to": 1,
    # c5: perception gap, and what comes first
    "perception.minimum_domains": 3,
    "perception.amber": 1,
    "perception.red": 2,
    "perception.agreement": 0.8,
    "perception.dont_know_share": 0.2,
    "perception.lead_claims": 3,
    "order.co_evolving.phases": ["both", "during"],
    "order.co_evolving.questions": ["dgm-common-local-register"],
    "order.co_evolving_target": 3,
}
#: c1: question, least level, whose answers, and the share of them that has to reach it.
SCALE = """
    dgm-federated-forum 3 unit 1
    dgm-shared-terms 3 unit 1
    dgm-common-local-register 3 unit 1
    dgm-catalogue-coverage 3 unit 1
    spr-publish-unaided 3 unit 1
    spr-access-workflow 3 unit 1
    spr-cross-country-read 3 unit 1
    dor-contracts 3 live_domains 1
    dor-producer-owner 3 domains 0.8"""
SUSTAIN = """
    dor-beyond-mvp 4 live_domains 1
    dor-incentives 4 unit 1
    dor-protected-capacity 4 live_domains 1
    dgm-use-case-value 4 unit 1
    spr-funding-model 4 unit 1
    spr-adoption-pull 3 unit 1"""
#: c2: what each input of the operating model reads.
INPUTS = {
    "producer-owner": ("dor-producer-owner",),
    "central-dependency": ("dor-central-dependency",),
    "contracts": ("dor-contracts",),
    "publish-unaided": ("spr-publish-unaided",),
    "federated-forum": ("dgm-federated-forum",),
    "automated-rules": ("dgm-policy-automation", "spr-policy-enforcement"),
    "governance": (),
}
#: c2: the classes in their order, with what each asks of the inputs.
CLASSES = {
    "mesh": "producer-owner>=4 central-dependency>=4 publish-unaided>=4 federated-forum>=4 contracts>=3 automated-rules>=3",
    "federated": "producer-owner>=3 central-dependency>=3 federated-forum>=3",
    "hub-and-spoke": "producer-owner>=3 central-dependency>=2 publish-unaided>=2 federated-forum>=2 central-dependency<=3",
    "decentralised": "central-dependency>=4",
    "centralised-governed": "governance>=3",
    "centralised": "",
}
#: c3: the nine answers.
SUSTAINABILITY = {
    "dor-data-priority", "dor-incentives", "dor-protected-capacity", "dor-beyond-mvp", "dor-demand-surge",
    "dor-value-pipeline", "dor-lasting-commitment", "spr-funding-model", "dgm-use-case-value",
}  # fmt: skip
#: c5: the thin governance that stands before a pilot.
PREREQUISITES = [
    "dgm-exec-sponsor", "dgm-data-strategy", "dgm-decision-rights", "dgm-owner-named", "dgm-classification",
    "dgm-access-rules", "dgm-regulatory-map",
]  # fmt: skip
#: c5: the verdicts in their order, with what each asks; `all` and then `any`.
ORDER = {
    "wait": ("dgm-exec-sponsor<=2 dgm-data-strategy<=2", ""),
    "governance-first": ("", "dgm-classification<=2 dgm-access-rules<=2 dgm-regulatory-map<=2"),
    "start-together": (" ".join(f"{name}>=3" for name in PREREQUISITES), ""),
    "one-product": ("dgm-exec-sponsor>=3 dgm-decision-rights>=2", "legal-driver dgm-use-case-value>=3"),
    "finish-prerequisites": ("", ""),
}


@pytest.fixture(scope="module")
def rules(catalogue: Catalogue) -> VerdictRules:
    found = catalogue.latest_verdicts()
    assert found is not None
    return found


@pytest.fixture(scope="module")
def data(rules: VerdictRules) -> Any:
    return rules.model_dump(mode="json")


def asked(catalogue: Catalogue) -> dict[str, Question]:
    return {name: one for entry in catalogue.questionnaires.values() for name, one in entry.questions.items()}


def lines(table: str) -> list[str]:
    return [line.strip() for line in table.strip().splitlines()]


def clause(data: Mapping[str, Any]) -> str:
    """A clause as the tables above write it."""
    if data["fact"]:
        return str(data["fact"]) + (f">{data['above']:g}" if data["above"] is not None else "")
    sign, level = (">=", data["at_least"]) if data["at_least"] is not None else ("<=", data["at_most"])
    return f"{data['question']}{sign}{level}"


def clauses(listing: list[Mapping[str, Any]]) -> str:
    return " ".join(clause(entry) for entry in listing)


def requirements(stage: Mapping[str, Any]) -> list[str]:
    return [
        f"{entry['question']} {entry['at_least']} {entry['of']} {entry['share']:g}"
        for entry in stage["requirements"]
    ]


# What is shipped --------------------------------------------------------------------------------------------------


def test_the_shipped_rules_are_published_and_the_newest(catalogue: Catalogue, rules: VerdictRules) -> None:
    assert (rules.reference, rules.status) == ("verdicts@1.0.0", Status.PUBLISHED)
    assert rules.published_on is not None
    assert list(catalogue.verdicts.values()) == [rules]


@pytest.mark.parametrize("place", LIMITS)
def test_a_limit_of_the_blueprint_is_in_the_data(data: Any, place: str) -> None:
    found = data
    for key in place.split("."):
        found = found[key]
    assert found == LIMITS[place]


def test_a_pilot_reads_the_gates_that_stand_at_the_questions(
    catalogue: Catalogue, rules: VerdictRules
) -> None:
    gates = [question.gate for question in asked(catalogue).values() if question.gate]
    assert sum(gate.hard for gate in gates) == 18
    assert set(type(rules.gates.pilot).model_fields) == {"title", "why", "waivable_floors"}


@pytest.mark.parametrize(("stage", "table"), [("scale", SCALE), ("sustain", SUSTAIN)])
def test_a_later_stage_asks_for_what_the_blueprint_asks(data: Any, stage: str, table: str) -> None:
    assert requirements(data["gates"][stage]) == lines(table)


def test_what_is_read_of_domains_is_asked_of_domains(catalogue: Catalogue, rules: VerdictRules) -> None:
    for stage in (rules.gates.scale, rules.gates.sustain):
        for entry in stage.requirements:
            if entry.of != "unit":
                assert asked(catalogue)[entry.question].is_asked_of("domain"), entry.question


def test_the_operating_model_reads_seven_inputs(data: Any) -> None:
    inputs = data["operating_model"]["inputs"]
    assert {name: tuple(entry["questions"]) for name, entry in inputs.items()} == INPUTS
    medians = {name: entry["hard_gates_of"] for name, entry in inputs.items() if entry["hard_gates_of"]}
    assert medians == {"governance": "data-governance"}


def test_the_classes_stand_in_their_order_with_their_levels(data: Any) -> None:
    found = {}
    for entry in data["operating_model"]["classes"]:
        least = [f"{name}>={level}" for name, level in entry["at_least"].items()]
        most = [f"{name}<={level}" for name, level in entry["at_most"].items()]
        found[entry["id"]] = " ".join([*least, *most])
    assert list(found.items()) == list(CLASSES.items())


def test_the_four_ideas_together_are_the_levels_of_the_first_class(rules: VerdictRules) -> None:
    principles = rules.operating_model.principles
    assert len(principles) == 4
    together = [item for entry in principles for item in entry.at_least.items()]
    assert len(together) == len(dict(together)), "no input counts for two of them"
    assert dict(together) == dict(rules.operating_model.classes[0].at_least)


def test_sustainability_reads_nine_answers_with_the_weights_of_their_questions(
    catalogue: Catalogue, rules: VerdictRules
) -> None:
    weights = {entry.question: entry.weight for entry in rules.sustainability.answers}
    assert weights.keys() == SUSTAINABILITY
    assert len(rules.sustainability.answers) == 9
    assert weights == {name: asked(catalogue)[name].weight for name in weights}


def test_the_bands_of_risk_end_at_30_55_and_100(rules: VerdictRules) -> None:
    bands = {band.id: band.up_to for band in rules.sustainability.bands}
    assert list(bands.items()) == [("low", 30), ("watch", 55), ("high", 100)]


def test_two_conditions_force_the_highest_band(data: Any) -> None:
    forced = data["sustainability"]["forced"]
    assert [(entry["band"], clauses(entry["when"]["all"]), entry["when"]["any"]) for entry in forced] == [
        ("high", "dor-beyond-mvp<=2 dor-protected-capacity<=2", []),
        ("high", "stale-product-share>0.3", []),
    ]


def test_the_prerequisites_are_the_thin_governance_at_level_3(data: Any) -> None:
    assert clauses(data["order"]["prerequisites"]) == " ".join(f"{name}>=3" for name in PREREQUISITES)


def test_the_verdicts_on_order_stand_in_their_order_with_their_conditions(data: Any) -> None:
    found = {
        entry["id"]: (clauses(entry["when"]["all"]), clauses(entry["when"]["any"]))
        for entry in data["order"]["verdicts"]
    }
    assert list(found.items()) == list(ORDER.items())


def test_no_level_is_asked_for_that_its_question_does_not_have(data: Any) -> None:
    levels = [
        value
        for place, value in leaves(data)
        if place[-1] in {"at_least", "at_most"} or place[-2:-1] in {("at_least",), ("at_most",)}
    ]
    assert len(levels) > 40
    assert {value for value in levels if value is not None} <= {1, 2, 3, 4, 5}


def test_every_rule_says_why_and_every_result_says_what_follows(data: Any) -> None:
    for section in ("gates", "operating_model", "sustainability", "common_or_local", "perception", "order"):
        assert len(data[section]["why"].split()) > 10, section
    stages = [data["gates"][stage] for stage in ("pilot", "scale", "sustain")]
    results = [
        *stages, *data["operating_model"]["classes"], *data["sustainability"]["forced"],
        *data["order"]["verdicts"], *(entry for _, entry in advices(data)),
    ]  # fmt: skip
    explained = [entry.get("why") or entry.get("next_step") or entry.get("what_follows") for entry in results]
    assert all(text and len(text.split()) > 5 for text in explained)
    assert len(explained) == len(set(explained)), "no two results say the same"


def test_every_result_of_two_tables_has_its_advice(data: Any) -> None:
    assert [place for place, _ in advices(data)] == [
        "common_or_local.elements.common", "common_or_local.elements.common_with_local_part",
        "common_or_local.elements.local", "common_or_local.elements.contested",
        "common_or_local.levels.high_narrow", "common_or_local.levels.high_wide",
        "common_or_local.levels.low_narrow", "common_or_local.levels.low_wide",
        "perception.higher_lead", "perception.higher_domains", "perception.invisible", "perception.no_shared_view",
    ]  # fmt: skip


def advices(data: Mapping[str, Any], place: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    for key, value in data.items():
        if isinstance(value, Mapping) and value.keys() == {"title", "what_follows"}:
            yield f"{place}{key}", value
        elif isinstance(value, Mapping):
            yield from advices(value, f"{place}{key}.")


def leaves(value: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from leaves(part, (*place, key))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from leaves(part, (*place, str(number)))
    else:
        yield place, value


# Every combination --------------------------------------------------------------------------------------------


def by_the_rules(rules: VerdictRules, levels: Mapping[str, int]) -> str:
    """The first class whose levels are reached, as the file has them."""
    return next(
        entry.id
        for entry in rules.operating_model.classes
        if all(levels[name] >= level for name, level in entry.at_least.items())
        and all(levels[name] <= level for name, level in entry.at_most.items())
    )


def by_the_blueprint(o: int, r: int, k: int, s: int, f: int, a: int, g: int) -> str:
    """The same from the words of the blueprint, without its data."""
    if min(o, r, s, f) >= 4 and min(k, a) >= 3:
        return "mesh"
    if min(o, r, f) >= 3:
        return "federated"
    if r in (2, 3) and o >= 3 and min(s, f) >= 2:
        return "hub-and-spoke"
    if r >= 4:
        return "decentralised"
    return "centralised-governed" if g >= 3 else "centralised"


def test_each_of_78125_combinations_gets_the_class_of_the_blueprint(rules: VerdictRules) -> None:
    names = list(INPUTS)
    found: Counter[str] = Counter()
    central: Counter[str] = Counter()
    for combination in product(range(1, 6), repeat=7):
        result = by_the_rules(rules, dict(zip(names, combination, strict=True)))
        assert result == by_the_blueprint(*combination), combination
        found[result] += 1
        if combination[names.index("central-dependency")] <= 2:
            central[result] += 1
    assert found.total() == 78_125
    assert found["mesh"] == 720
    assert found.keys() == CLASSES.keys(), "every class can be reached"
    assert central.keys() == CLASSES.keys() - {"mesh", "federated", "decentralised"}


@pytest.mark.parametrize(
    ("levels", "index", "band"),
    [([4] * 9, 25, "low"), ([3] * 9, 50, "watch"), ([1] * 9, 100, "high"), ([5] * 9, 0, "low")],
)
def test_the_index_of_risk_is_what_the_blueprint_computed(
    rules: VerdictRules, levels: list[int], index: float, band: str
) -> None:
    risks = [(5 - level) / 4 for level in levels]
    weights = [entry.weight for entry in rules.sustainability.answers]
    worst = sorted(risks, reverse=True)[: rules.sustainability.worst]
    mean = sum(weight * risk for weight, risk in zip(weights, risks, strict=True)) / sum(weights)
    share = rules.sustainability.mean_share
    found = 100 * (share * mean + (1 - share) * sum(worst) / len(worst))
    assert found == pytest.approx(index)
    assert next(entry.id for entry in rules.sustainability.bands if found <= entry.up_to) == band


# What is refused --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def known(catalogue: Catalogue) -> frozenset[str]:
    return frozenset(asked(catalogue))


def spoilt(was: str, becomes: str) -> str:
    assert TEXT.count(was) == 1, f"{TEXT.count(was)} places for '{was}'"
    return TEXT.replace(was, becomes)


def line_of(text: str, start: str) -> int:
    """The only line of the file that starts so."""
    found = [number for number, line in enumerate(text.splitlines(), 1) if line.strip().startswith(start)]
    assert len(found) == 1, f"{len(found)} lines start with '{start}'"
    return found[0]


def refused(text: str, known: frozenset[str]) -> tuple[Problem, ...]:
    with pytest.raises(QuestionnaireError) as refusal:
        load_verdicts(text.encode(), SOURCE, Names(known, FACTS, frozenset({"data-governance"})))
    return refusal.value.problems


def test_the_shipped_file_loads_by_itself(known: frozenset[str], rules: VerdictRules) -> None:
    assert load_verdicts(TEXT.encode(), SOURCE, Names(known, FACTS, frozenset({"data-governance"}))) == rules


ONE_PRODUCT = "{fact: legal-driver}"
BANDS = "    - {id: watch, title: Watch, up_to: 55}\n"
TAKES_THE_REST = "    - id: centralised\n      title: Central\n"


@pytest.mark.parametrize(
    ("was", "becomes", "line", "rule"),
    [
        ("{governance: 3}", "{gouvernance: 3}", "operating_model:", "there is no input 'gouvernance'; perhaps 'governance'."),
        ("at_most: {central-dependency: 3}", "at_most: {waiting: 3}", "operating_model:", "there is no input 'waiting'"),
        ("at_least: {contracts: 3}}", "at_least: {promises: 3}}", "operating_model:", "there is no input 'promises'"),
        ("- id: decentralised", "- id: federated", "operating_model:", "the class 'federated' stands twice"),
        ("at_least: {governance: 3}", "at_least: {}", "operating_model:", "one class has no levels and takes the rest"),
        (
            TAKES_THE_REST, f"{TAKES_THE_REST}      at_least: {{governance: 1}}\n", "operating_model:",
            "one class has no levels and takes the rest",
        ),
        (
            "questions: [dor-contracts]}", "questions: [dor-contracts], hard_gates_of: data-governance}", "contracts: {",
            "an input has either 'questions' or 'hard_gates_of'",
        ),
        (", questions: [dor-contracts]}", "}", "contracts: {", "an input has either 'questions' or 'hard_gates_of'"),
        (BANDS, BANDS.replace("55", "30"), "sustainability:", "the bands rise, and the last ends at 100"),
        (BANDS, BANDS.replace("55", "20"), "sustainability:", "the bands rise, and the last ends at 100"),
        ("up_to: 100", "up_to: 99", "sustainability:", "the bands rise, and the last ends at 100"),
        (BANDS, BANDS.replace("watch", "low"), "sustainability:", "the band 'low' stands twice"),
        ("worst: 3", "worst: 10", "sustainability:", "'worst' counts 10 of only 9 answers"),
        (
            "{question: dor-demand-surge, weight: 2}", "{question: dor-incentives, weight: 2}", "sustainability:",
            "the question 'dor-incentives' stands twice",
        ),
        ("red: 2", "red: 0.5", "perception:", "'red' is at least 'amber'"),
        (
            "{question: dgm-shared-terms, at_least: 3}", "{question: dgm-federated-forum, at_least: 4}", "scale:",
            "the question 'dgm-federated-forum' stands twice",
        ),
        (
            "{question: spr-adoption-pull, at_least: 3}", "{question: spr-adoption-pull, at_least: 3, share: 0.5}",
            "- {question: spr-adoption-pull", "a 'share' is of domains; add 'of: domains'",
        ),
        (
            "at_most: {central-dependency: 3}", "at_most: {central-dependency: 1}", "- id: hub-and-spoke",
            "'central-dependency' can't be at least and at most these levels at once",
        ),
        (
            "{fact: stale-product-share, above: 0.3}", "{}", "- {}",
            "it takes a 'question' with 'at_least' or 'at_most', or a 'fact'",
        ),
        ("- id: one-product", "- id: wait", "order:", "the verdict 'wait' stands twice"),
        (
            "a domain starts.", "a domain starts.\n      when: {any: [{fact: legal-driver}]}", "order:",
            "exactly the last verdict has no 'when'; it takes the rest",
        ),
        (
            ONE_PRODUCT, "{fact: legal-driver, question: dgm-access-rules, at_least: 2}", "- {fact: legal-driver,",
            "it takes a 'question' with 'at_least' or 'at_most', or a 'fact'",
        ),
        (
            ONE_PRODUCT, "{fact: legal-driver, at_least: 2}", "- {fact: legal-driver,",
            "it takes a 'question' with 'at_least' or 'at_most', or a 'fact'",
        ),
        (
            ONE_PRODUCT, "{question: dgm-access-rules}", "- {question: dgm-access-rules}",
            "it takes a 'question' with 'at_least' or 'at_most', or a 'fact'",
        ),
        (
            ONE_PRODUCT, "{question: dgm-access-rules, at_least: 2, at_most: 3}", "- {question: dgm-access-rules, at_least: 2,",
            "it takes a 'question' with 'at_least' or 'at_most', or a 'fact'",
        ),
        (
            ONE_PRODUCT, "{question: dgm-access-rules, at_least: 2, above: 1}", "- {question: dgm-access-rules, at_least: 2,",
            "it takes a 'question' with 'at_least' or 'at_most', or a 'fact'",
        ),
        (ONE_PRODUCT, "{}", "- {}", "it takes a 'question' with 'at_least' or 'at_most', or a 'fact'"),
        ("{question: spr-adoption-pull, at_least: 3}", "{question: spr-adoption-pull, at_least: 0}", "- {question: spr-adoption-pull", "greater than or equal to 1"),
        ("share: 0.8}", "share: 80}", "- {question: dor-producer-owner", "less than or equal to 1"),
        ("dont_know_share: 0.2", "dont_know_share: 20", "dont_know_share:", "less than or equal to 1"),
        ("waivable_floors: 2", "waivable_floors: two", "waivable_floors:", "valid integer"),
        ('version: "1.0.0"', 'version: "1.0"', "version:", "a version is three whole numbers, like 1.0.0"),
    ],
)  # fmt: skip
def test_a_broken_rule_is_refused_with_its_line_and_the_rule_in_words(
    known: frozenset[str], was: str, becomes: str, line: str, rule: str
) -> None:
    text = spoilt(was, becomes)
    (problem,) = refused(text, known)
    assert (problem.source, problem.line) == (SOURCE, line_of(text, line))
    of_one_value = rule.startswith(("greater", "less", "valid", "a version"))
    assert problem.code == (errors.VALUE_INVALID if of_one_value else errors.PARTS_DISAGREE).code
    assert rule in problem.text


@pytest.mark.parametrize(
    ("was", "becomes", "key"),
    [
        ("- band: high\n      why: More", "- band: severe\n      why: More", "band"),
        ("no_domain_in_band: high", "no_domain_in_band: severe", "no_domain_in_band"),
    ],
)
def test_a_band_that_there_is_not_is_refused_where_it_is_named(
    known: frozenset[str], was: str, becomes: str, key: str
) -> None:
    text = spoilt(was, becomes)
    line = next(number for number, words in enumerate(text.splitlines(), 1) if "severe" in words)
    assert refused(text, known) == (
        errors.BAND_UNKNOWN.at(SOURCE, line, key=key, target="severe", suggestion=""),
    )


def test_the_hard_gates_of_no_questionnaire_are_refused_with_a_near_miss(known: frozenset[str]) -> None:
    text = spoilt("hard_gates_of: data-governance", "hard_gates_of: data-governence")
    near = " Did you mean 'data-governance'?"
    assert refused(text, known) == (
        errors.GATES_UNKNOWN.at(
            SOURCE,
            line_of(text, "governance: {"),
            key="hard_gates_of",
            target="data-governence",
            suggestion=near,
        ),
    )


def test_the_class_that_takes_the_rest_comes_last(known: frozenset[str]) -> None:
    start, end = TEXT.index("    - id: centralised-governed"), TEXT.index("    - id: centralised\n")
    last = TEXT[end : TEXT.index("  principles:\n")]
    text = TEXT[:start] + last + TEXT[start:].replace(last, "")
    (problem,) = refused(text, known)
    assert problem.line == line_of(text, "operating_model:")
    assert "the class without levels takes the rest, so it comes last" in problem.text


def test_the_verdict_without_a_condition_comes_last(known: frozenset[str]) -> None:
    start, end = TEXT.index("    - id: one-product"), TEXT.index("    - id: finish-prerequisites")
    text = TEXT[:start] + TEXT[end:] + TEXT[start:end]
    (problem,) = refused(text, known)
    assert problem.line == line_of(text, "order:")
    assert "exactly the last verdict has no 'when'; it takes the rest" in problem.text


def test_two_verdicts_without_a_condition_are_one_too_many(known: frozenset[str]) -> None:
    start, end = (
        TEXT.index("      when:\n        any:\n          - {question: dgm-c"),
        TEXT.index("    - id: start-t"),
    )
    (problem,) = refused(TEXT[:start] + TEXT[end:], known)
    assert "exactly the last verdict has no 'when'; it takes the rest" in problem.text


@pytest.mark.parametrize(
    ("was", "becomes", "line", "key", "target", "near"),
    [
        ("spr-cross-country-read", "spr-cross-country-reed", "- {question: spr-cross", "question", "spr-cross-country-reed", "spr-cross-country-read"),
        ("[dor-central-dependency]", "[wishes]", "central-dependency: {", "questions", "wishes", ""),
        ("[dgm-policy-automation, ", "[dgm-policy-automatic, ", "questions: [dgm-policy", "questions", "dgm-policy-automatic", "dgm-policy-automation"),
        ("[dgm-common-local-register]", "[dgm-register]", "questions: [dgm-register", "questions", "dgm-register", ""),
        ("question: dor-demand-surge", "question: dor-demand-surges", "- {question: dor-demand", "question", "dor-demand-surges", "dor-demand-surge"),
    ],
)  # fmt: skip
def test_a_rule_about_a_question_that_nobody_asks_is_refused_with_a_near_miss(
    known: frozenset[str], was: str, becomes: str, line: str, key: str, target: str, near: str
) -> None:
    text = spoilt(was, becomes)
    suggested = f" Did you mean '{near}'?" if near else ""
    assert refused(text, known) == (
        errors.QUESTION_UNKNOWN.at(SOURCE, line_of(text, line), key=key, target=target, suggestion=suggested),
    )


@pytest.mark.parametrize(
    ("was", "becomes", "near"),
    [("legal-driver", "legal-drivers", "legal-driver"), ("stale-product-share", "sleep", "")],
)
def test_a_rule_about_a_fact_that_nobody_is_asked_is_refused_with_a_near_miss(
    known: frozenset[str], was: str, becomes: str, near: str
) -> None:
    text = spoilt(f"fact: {was}", f"fact: {becomes}")
    suggested = f" Did you mean '{near}'?" if near else ""
    assert refused(text, known) == (
        errors.FACT_UNKNOWN.at(
            SOURCE, line_of(text, f"- {{fact: {becomes}"), target=becomes, suggestion=suggested
        ),
    )


@pytest.mark.parametrize(
    ("was", "becomes", "line", "message"),
    [
        ("id: verdicts\n", "id: rules\n", "id: rules", errors.CHOICE_UNKNOWN),
        ("of: domains", "of: domain", "- {question: dor-producer-owner", errors.CHOICE_UNKNOWN),
        ("phases: [both, during]", "phases: [both, after]", "phases:", errors.CHOICE_UNKNOWN),
        ("status: published", "status: final", "status:", errors.CHOICE_UNKNOWN),
        ("  agreement: 0.8", "  agreemnet: 0.8", "", errors.KEY_UNKNOWN),
        ("  co_evolving_target: 3\n", "", "order:", errors.KEY_MISSING),
        ("title: Local\n", "titel: Local\n", "", errors.KEY_UNKNOWN),
        ("phases: [both, during]", "phases: both", "phases:", errors.LIST_EXPECTED),
        ("{governance: 3}", "governance", "at_least: governance", errors.MAPPING_EXPECTED),
        ("title: Wait\n", "title: true\n", "title: true", errors.TEXT_EXPECTED),
    ],
)  # fmt: skip
def test_a_value_of_another_form_is_refused_at_its_line(
    known: frozenset[str], was: str, becomes: str, line: str, message: Message
) -> None:
    text = spoilt(was, becomes)
    found = [(problem.line, problem.code) for problem in refused(text, known)]
    wanted = line_of(text, line) if line else line_of(text, becomes.strip())
    assert (wanted, message.code) in found
    # A misspelt key is unknown, and the one that it stands for is missing.
    others = [code for place, code in found if (place, code) != (wanted, message.code)]
    assert others == ([errors.KEY_MISSING.code] if message is errors.KEY_UNKNOWN else [])


def test_mistakes_of_all_kinds_come_together_in_the_order_of_their_lines(known: frozenset[str]) -> None:
    text = spoilt("question: dgm-shared-terms", "question: dgm-terms").replace("worst: 3", "worst: 0")
    text = text.replace("fact: legal-driver", "fact: law").replace("id: verdicts\n", "id: Verdicts\n")
    assert [(problem.line, problem.code) for problem in refused(text, known)] == [
        (line_of(text, "id: Verdicts"), errors.CHOICE_UNKNOWN.code),
        (line_of(text, "- {question: dgm-terms"), errors.QUESTION_UNKNOWN.code),
        (line_of(text, "worst:"), errors.VALUE_INVALID.code),
        (line_of(text, "- {fact: law"), errors.FACT_UNKNOWN.code),
    ]


# In the folder ------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, known: frozenset[str]) -> Path:
    """A folder of one draft that asks every question which the rules name, with their facts; no rules yet."""
    all_of_them = dimension("all", *(question(name) for name in sorted(known)))
    put(tmp_path, questionnaire(all_of_them, id="data-governance"))
    facts = [
        f"  - {{id: {name}, prompt: How much, unit_kinds: [domain], type: share}}\n" for name in sorted(FACTS)
    ]
    (tmp_path / "facts.yaml").write_text("facts:\n" + "".join(facts), encoding="utf-8")
    (tmp_path / "verdicts").mkdir()
    return tmp_path


def put_rules(folder: Path, version: str, status: str = "draft", name: str = "") -> None:
    text = TEXT.replace('version: "1.0.0"', f"version: {version}").replace("published\n", f"{status}\n", 1)
    (folder / "verdicts" / f"{name or version}.yaml").write_text(text, encoding="utf-8")


def test_the_newest_published_rules_count_not_a_newer_draft_or_retired_ones(folder: Path) -> None:
    for version, status in {
        "1.9.0": "published", "1.10.0": "published", "1.11.0": "retired", "2.0.0": "draft",
    }.items():  # fmt: skip
        put_rules(folder, version, status)
    write_lock(folder)
    catalogue = load_catalogue(folder)
    assert list(catalogue.verdicts) == ["1.9.0", "1.10.0", "1.11.0", "2.0.0"]
    newest = catalogue.latest_verdicts()
    assert newest is not None
    assert newest.version == "1.10.0"


def test_without_published_rules_there_are_no_newest_ones(folder: Path) -> None:
    put_rules(folder, "1.0.0")
    assert load_catalogue(folder).latest_verdicts() is None


def test_rules_in_a_file_of_another_version_are_refused(folder: Path) -> None:
    put_rules(folder, "1.0.0", name="1.0.1")
    with pytest.raises(QuestionnaireError) as refusal:
        load_catalogue(folder)
    assert refusal.value.problems == (
        errors.FOLDER_MISMATCH.at("verdicts/1.0.1.yaml", 1, found="verdicts@1.0.0", folder="verdicts@1.0.1"),
    )


def test_rules_about_questions_of_no_questionnaire_in_the_folder_are_refused(tmp_path: Path) -> None:
    put(tmp_path, questionnaire())
    (tmp_path / "verdicts").mkdir()
    put_rules(tmp_path, "1.0.0")
    with pytest.raises(QuestionnaireError) as refusal:
        load_catalogue(tmp_path)
    codes = Counter(problem.code for problem in refusal.value.problems)
    document = read_yaml(TEXT.encode(), SOURCE)
    named = [place for place, _ in leaves(document.data) if {"question", "questions"} & set(place)]
    assert codes == {
        errors.QUESTION_UNKNOWN.code: len(named),
        errors.FACT_UNKNOWN.code: 2,
        errors.GATES_UNKNOWN.code: 1,
    }
