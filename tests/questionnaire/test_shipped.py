"""The questionnaires that come with the product hold what their blueprint says."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from assessment.questionnaire.folder import load_catalogue
from assessment.questionnaire.lint import TITLE_LENGTH
from assessment.questionnaire.models import Gate, LevelScale, Question, Questionnaire, Status, Vignette

FOLDER = Path(__file__).parents[2] / "questionnaires"
UNITS = {"B": ("country", "domain"), "C": ("country",), "D": ("domain",)}
PREFIXES = {"data-governance": "dgm-", "domain-ownership": "dor-", "platform-readiness": "spr-"}

#: id, weight · phase · gate · unit as in the blueprint; gate 3 is hard, 2 a floor; * is core; B is both units.
BLUEPRINT = {
    "data-governance": {
        "direction": """
            * dgm-exec-sponsor 3 before 3 B
            * dgm-data-strategy 3 before 3 C
            * dgm-use-case-value 3 both 2 B
              dgm-cost-visibility 2 both 2 C
              dgm-plain-words 1 both - B""",
        "decisions-and-roles": """
            * dgm-decision-rights 3 before 3 B
            * dgm-owner-named 3 before 3 B
            * dgm-federated-forum 2 both 2 B
              dgm-helpful-governance 2 during - D""",
        "common-and-local": """
            * dgm-shared-terms 3 both 2 B
            * dgm-common-local-register 3 before 2 C
              dgm-shared-identifiers 2 both 2 B
              dgm-classification 2 before 3 B""",
        "knowing-the-data": """
            * dgm-catalogue-coverage 3 both 2 B
              dgm-data-story 2 both 2 D
            * dgm-usage-insight 2 both - B
              dgm-change-impact 2 during - D
            * dgm-report-duplication 2 both 2 B""",
        "access-and-law": """
            * dgm-access-rules 3 before 3 B
            * dgm-regulatory-map 3 before 3 C
              dgm-cross-border-approval 2 both 2 C
              dgm-audit-trail 2 both 2 C""",
        "quality-and-assurance": """
            * dgm-quality-limits 3 both 2 D
              dgm-fix-at-source 2 both 2 B
            * dgm-policy-automation 2 during - C
              dgm-human-judgement 1 during - C
              dgm-governance-effect 1 during - C""",
    },
    "domain-ownership": {
        "mandate": """
            * dor-domain-boundary 3 before 3 B
            * dor-business-lead 3 before 3 B
            * dor-producer-owner 3 both 3 B
            * dor-central-dependency 0 both - D
              dor-three-way-planning 2 before 2 B""",
        "priority-and-reward": """
            * dor-data-priority 3 both 2 D
            * dor-incentives 3 both 2 B
            * dor-protected-capacity 3 before 3 D
            * dor-beyond-mvp 3 during - D""",
        "people": """
            * dor-product-owner-time 3 before 3 D
              dor-build-skills 2 before 2 D
            * dor-ddd-coaching 2 before 2 C
              dor-data-habit 2 both 2 B
              dor-central-team-shift 2 during - C""",
        "data-as-a-product": """
            * dor-product-need 2 before 2 D
            * dor-contracts 3 during - D
              dor-user-feedback 2 during - D
              dor-change-notice 2 during - D
              dor-support-model 2 during - D""",
        "sharing": """
            * dor-cross-domain-use 2 both 2 D
            * dor-country-twin 2 both 2 B
              dor-demand-surge 2 during - D
              dor-safe-sharing 2 both 2 B""",
        "intent": """
              dor-own-words 1 before 2 B
            * dor-principle-choice 2 before 2 C
            * dor-value-pipeline 2 during - D
            * dor-lasting-commitment 2 before 3 C""",
    },
    "platform-readiness": {
        "platform-as-product": """
            * spr-platform-owner 3 before 3 C
            * spr-funding-model 2 before 3 C
              spr-user-research 2 both 2 C
            * spr-enablers 2 before 2 B""",
        "self-service": """
            * spr-first-workspace 3 before 2 B
            * spr-publish-unaided 3 both 2 B
              spr-templates 2 before 2 D
              spr-non-specialist 2 during - D
            * spr-discover-to-use 2 both 2 B""",
        "common-and-local": """
            * spr-shared-core 3 before 2 C
              spr-local-extension 2 during - C
            * spr-residency 3 before 3 C
            * spr-cross-country-read 2 both 2 C
              spr-stack-risk 1 both - C""",
        "security-built-in": """
              spr-identity 3 before 3 C
            * spr-access-workflow 3 both 2 B
            * spr-policy-enforcement 3 both 2 C
              spr-sensitive-data 2 before 3 C""",
        "running-products": """
              spr-contract-checks 2 during - D
              spr-quality-alerts 2 both 2 D
              spr-lineage-capture 2 during - C
            * spr-reliability 2 both 2 B
              spr-cost-per-product 2 during - C""",
        "adoption": """
            * spr-adoption-pull 2 during - B
            * spr-usage-metering 2 during - C
              spr-report-consolidation 1 during - B
            * spr-shadow-copies 2 both - D""",
    },
}

SHIPPED = load_catalogue(FOLDER)
VIGNETTES = [(entry, vignette) for entry in SHIPPED.questionnaires.values() for vignette in entry.vignettes]

every_questionnaire = pytest.mark.parametrize("name", BLUEPRINT)


def shipped(name: str) -> Questionnaire:
    return SHIPPED.get(name, "1.0.0")


def rows_of(lines: str) -> list[str]:
    return [line.strip() for line in lines.strip().splitlines()]


def row(question: Question) -> str:
    """A question as a line of the table."""
    unit = next(letter for letter, units in UNITS.items() if units == question.units)
    gate = question.gate.level if question.gate else "-"
    mark = "* " if question.core else ""
    return f"{mark}{question.id} {question.weight:g} {question.phase} {gate} {unit}"


def test_the_three_questionnaires_of_the_repository_load_and_are_published() -> None:
    assert SHIPPED.ids() == tuple(BLUEPRINT)
    assert [entry.reference for entry in SHIPPED.latest_published()] == [
        f"{name}@1.0.0" for name in BLUEPRINT
    ]
    assert all(
        entry.status is Status.PUBLISHED and entry.published_on for entry in SHIPPED.latest_published()
    )


@every_questionnaire
def test_the_27_questions_are_those_of_the_blueprint_in_its_order(name: str) -> None:
    wanted = [line for lines in BLUEPRINT[name].values() for line in rows_of(lines)]
    assert len(wanted) == 27
    assert [row(question) for question in shipped(name).questions.values()] == wanted


@every_questionnaire
def test_every_question_stands_in_its_dimension(name: str) -> None:
    found = {entry.id: [row(question) for question in entry.questions] for entry in shipped(name).dimensions}
    assert found == {dimension: rows_of(lines) for dimension, lines in BLUEPRINT[name].items()}


def test_the_81_questions_have_81_ids_each_with_the_prefix_of_its_questionnaire() -> None:
    ids = [(entry.id, question) for entry in SHIPPED.questionnaires.values() for question in entry.questions]
    assert len(ids) == len({question for _, question in ids}) == 81
    assert [question for name, question in ids if not question.startswith(PREFIXES[name])] == []


def test_the_81_questions_have_81_short_names_of_a_few_words() -> None:
    questions = [q for entry in SHIPPED.questionnaires.values() for q in entry.questions.values()]
    assert [q.id for q in questions if q.title is None or q.name != q.title] == []
    assert len({q.name.casefold() for q in questions}) == 81
    assert [
        q.name for q in questions if len(q.name) > TITLE_LENGTH or not 2 <= len(q.name.split()) <= 5
    ] == []


def test_the_rating_of_a_vignette_does_not_take_the_short_name_of_its_question() -> None:
    for entry in SHIPPED.questionnaires.values():
        assert [rating.name for rating in entry.ratings.values()] == [
            entry.questions[vignette.question].prompt for vignette in entry.vignettes
        ]


@every_questionnaire
def test_a_gate_of_3_is_hard_and_of_2_a_floor(name: str) -> None:
    gates = [question.gate for question in shipped(name).questions.values() if question.gate]
    assert set(gates) == {Gate(level=3, hard=True), Gate(level=2, hard=False)}


def test_18_gates_are_hard() -> None:
    questions = [q for entry in SHIPPED.questionnaires.values() for q in entry.questions.values()]
    assert sum(question.gate is not None and question.gate.hard for question in questions) == 18


@every_questionnaire
def test_the_scale_has_five_levels_and_every_question_describes_each_in_its_own_words(name: str) -> None:
    questionnaire = shipped(name)
    assert isinstance(questionnaire.scale, LevelScale)
    names = {level.level: level.name for level in questionnaire.scale.levels}
    assert names == {1: "Initial", 2: "Emerging", 3: "Defined", 4: "Managed", 5: "Optimising"}
    assert (questionnaire.scale.minimum, questionnaire.scale.maximum) == (1, 5)
    assert [questionnaire.level_name(level) for level in (0, 3, 5)] == ["", "Defined", "Optimising"]
    for question in questionnaire.questions.values():
        assert [(option.id, option.value) for option in question.options] == [
            (str(n), n) for n in range(1, 6)
        ]
        assert len({option.label for option in question.options}) == 5


@every_questionnaire
def test_every_question_says_how_to_answer_it_and_what_would_prove_it(name: str) -> None:
    questions = shipped(name).questions.values()
    assert [q.id for q in questions if not (q.help and q.evidence and q.maps_to)] == []


@every_questionnaire
def test_at_least_60_percent_of_the_weight_is_core(name: str) -> None:
    questions = shipped(name).questions.values()
    assert sum(q.weight for q in questions if q.core) >= 0.6 * sum(q.weight for q in questions)


def test_only_the_question_about_structure_is_never_scored() -> None:
    questions = [q for entry in SHIPPED.questionnaires.values() for q in entry.questions.values()]
    assert [q.id for q in questions if q.weight == 0] == ["dor-central-dependency"]


# Vignettes ------------------------------------------------------------------------------------------------


def test_every_questionnaire_has_two_vignettes_on_two_questions_at_two_levels() -> None:
    for entry in SHIPPED.questionnaires.values():
        assert len(entry.vignettes) == 2
        assert len({vignette.question for vignette in entry.vignettes}) == 2
        assert len({vignette.level for vignette in entry.vignettes}) == 2


def test_no_two_vignettes_share_an_id_and_each_has_the_prefix_of_its_questionnaire() -> None:
    assert set(Counter(vignette.id for _, vignette in VIGNETTES).values()) == {1}
    assert [v.id for entry, v in VIGNETTES if not v.id.startswith(f"{PREFIXES[entry.id]}vignette-")] == []


@pytest.mark.parametrize(
    ("questionnaire", "vignette"), VIGNETTES, ids=[vignette.id for _, vignette in VIGNETTES]
)
def test_a_vignette_can_be_rated_by_everybody_and_means_a_level_that_can_be_chosen(
    questionnaire: Questionnaire, vignette: Vignette
) -> None:
    question = questionnaire.questions[vignette.question]
    assert question.is_asked_of("country")
    assert question.is_asked_of("domain")
    assert vignette.level in [option.value for option in question.options]
    assert vignette.level not in (1, 5), "at an end of the scale, readings can differ to one side only"


def test_a_vignette_does_not_quote_the_descriptor_that_it_means() -> None:
    for questionnaire, vignette in VIGNETTES:
        options = questionnaire.questions[vignette.question].options
        assert [one.label for one in options if one.label.rstrip(".") in vignette.situation] == []
