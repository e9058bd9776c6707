"""The questionnaires that come with the product hold what their blueprint says."""

from __future__ import annotations

from pathlib import Path

import pytest

from assessment.questionnaire.folder import load_catalogue
from assessment.questionnaire.models import Gate, LevelScale, Question, Questionnaire, Status

FOLDER = Path(__file__).parents[2] / "questionnaires"
UNITS = {"B": ("country", "domain"), "C": ("country",), "D": ("domain",)}

#: id, weight · phase · gate · unit as in the blueprint; gate 3 is hard, 2 a floor; * is core; B is both units.
GOVERNANCE = {
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
}
ROWS = [line.strip() for lines in GOVERNANCE.values() for line in lines.strip().splitlines()]


@pytest.fixture(scope="module")
def governance() -> Questionnaire:
    return load_catalogue(FOLDER).get("data-governance", "1.0.0")


def row(question: Question) -> str:
    """A question as a line of the table."""
    unit = next(letter for letter, units in UNITS.items() if units == question.units)
    gate = question.gate.level if question.gate else "-"
    mark = "* " if question.core else ""
    return f"{mark}{question.id} {question.weight:g} {question.phase} {gate} {unit}"


def test_the_catalogue_of_the_repository_loads_and_is_published(governance: Questionnaire) -> None:
    assert governance.status is Status.PUBLISHED
    assert governance in load_catalogue(FOLDER).latest_published()


def test_the_27_questions_of_data_governance_are_those_of_the_blueprint(governance: Questionnaire) -> None:
    assert len(ROWS) == 27
    assert [row(question) for question in governance.questions.values()] == ROWS


def test_every_question_stands_in_its_dimension(governance: Questionnaire) -> None:
    found = {entry.id: [row(question) for question in entry.questions] for entry in governance.dimensions}
    assert found == {
        name: [line.strip() for line in lines.strip().splitlines()] for name, lines in GOVERNANCE.items()
    }


def test_a_gate_of_3_is_hard_and_of_2_a_floor(governance: Questionnaire) -> None:
    gates = [question.gate for question in governance.questions.values() if question.gate]
    assert set(gates) == {Gate(level=3, hard=True), Gate(level=2, hard=False)}


def test_the_scale_has_five_levels_and_every_question_describes_each_in_its_own_words(
    governance: Questionnaire,
) -> None:
    assert isinstance(governance.scale, LevelScale)
    names = {level.level: level.name for level in governance.scale.levels}
    assert names == {1: "Initial", 2: "Emerging", 3: "Defined", 4: "Managed", 5: "Optimising"}
    assert (governance.scale.minimum, governance.scale.maximum) == (1, 5)
    assert [governance.level_name(level) for level in (0, 3, 5)] == ["", "Defined", "Optimising"]
    for question in governance.questions.values():
        assert [(option.id, option.value) for option in question.options] == [
            (str(n), n) for n in range(1, 6)
        ]
        assert len({option.label for option in question.options}) == 5


def test_every_question_says_how_to_answer_it_and_what_would_prove_it(governance: Questionnaire) -> None:
    assert [q.id for q in governance.questions.values() if not (q.help and q.evidence and q.maps_to)] == []


@pytest.mark.parametrize("reference", sorted(load_catalogue(FOLDER).questionnaires))
def test_at_least_60_percent_of_the_weight_is_core(reference: str) -> None:
    questions = load_catalogue(FOLDER).questionnaires[reference].questions.values()
    assert sum(q.weight for q in questions if q.core) >= 0.6 * sum(q.weight for q in questions)
