"""Questionnaires of other makes become drafts of ours: what is carried, in which shape, and what is said of the rest.

The files here were written for these tests, in the forms of the others.
"""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from assessment.errors import FOREIGN_MISSING, QuestionnaireError
from assessment.questionnaire.foreign.ciso_assistant import from_ciso_assistant
from assessment.questionnaire.foreign.drafting import Head, Imported, Names, slug
from assessment.questionnaire.foreign.samm import from_samm
from assessment.questionnaire.loading import load_questionnaire
from assessment.questionnaire.models import Dimension, Question, Status, ValueScale

HEAD = Head("elsewhere", "1.2.0", "From elsewhere")
FUNCTIONS = [
    {"id": "f2", "name": "Building", "order": 2, "description": "How it is built."},
    {"id": "f1", "name": "Deciding", "order": 1, "description": "Who decides."},
    {"id": "f3", "name": "Empty", "order": 3},
]
SAMM: dict[str, list[dict[str, Any]]] = {
    "business_functions": FUNCTIONS,
    "security_practices": [
        {"id": "p1", "function": "f1", "name": "Rules", "order": 1, "shortDescription": "What holds."},
        {"id": "p2", "function": "f2", "name": "Rules", "order": 1},
    ],
    "streams": [
        {"id": "s1", "practice": "p1", "name": "Writing", "order": 1, "letter": "A"},
        {"id": "s2", "practice": "p1", "name": "Keeping", "order": 2, "letter": "B"},
        {"id": "s3", "practice": "p2", "name": "Writing", "order": 1},
    ],
    "maturity_levels": [{"id": "m1", "number": 1}, {"id": "m2", "number": 2}],
    "practice_levels": [
        {"id": "l1", "practice": "p1", "maturityLevel": "m1"},
        {"id": "l2", "practice": "p1", "maturityLevel": "m2"},
    ],
    "activities": [
        {"id": "a2", "stream": "s1", "level": "l2", "title": "Rules are looked at again each year by all"},
        {"id": "a1", "stream": "s1", "level": "l1", "title": "Rules are written"},
        {"id": "a3", "stream": "s2", "level": "l1", "title": "Rules are kept"},
        {"id": "a4", "stream": "s3", "level": "l1", "title": "Lost"},
        {"id": "a5", "stream": "s3", "level": "l1", "title": "Weighed"},
    ],
    "questions": [
        {"id": "aa01", "activity": "a1", "answerSet": "n", "order": 1, "text": "Are there rules?", "quality": ["They are written", "They are read"]},
        {"id": "aa02", "activity": "a2", "answerSet": "n", "order": 1, "text": "Are they looked at?", "quality": []},
        {"id": "aa03", "activity": "a3", "answerSet": "n", "order": 1, "text": "Are they kept?"},
        {"id": "aa04", "activity": "a4", "answerSet": "gone", "order": 1, "text": "Where?"},
        {"id": "aa05", "activity": "a5", "answerSet": "w", "order": 1, "text": "How much?"},
    ],
    "answer_sets": [
        {"id": "n", "values": [
            {"text": "Yes, all", "value": 1, "weight": 1, "order": 2}, {"text": "No", "value": 0, "weight": 1, "order": 0},
            {"text": "Yes, some", "value": 0.5, "weight": 1, "order": 1},
        ]},
        {"id": "w", "values": [{"text": "No", "value": 0, "weight": 1, "order": 0}, {"text": "Yes", "value": 1, "weight": 2, "order": 1}]},
    ],
}  # fmt: skip


def core(**changed: list[dict[str, Any]]) -> dict[str, bytes]:
    """The files of a core, one for each entry, and some that are none of it."""
    made = {
        f"core/model/{folder}/{entry['id']}.yml": yaml.safe_dump(entry).encode()
        for folder, listing in {**SAMM, **changed}.items()
        for entry in listing
    }
    return {
        **made,
        "core/README.md": b"# core",
        "core/crowdin.yml": b"a: [",
        "core/model/texts/x.yml": b"id: x",
    }


def shape(dimensions: tuple[Dimension, ...]) -> dict[str, Any]:
    return {
        entry.id: shape(entry.dimensions)
        if entry.dimensions
        else [question.id for question in entry.questions]
        for entry in dimensions
    }


def questions(made: Imported) -> dict[str, Question]:
    return made.questionnaire.questions


def test_what_is_made_is_a_draft_that_loads_like_any_other() -> None:
    for made in (from_samm(core(), "core", HEAD), ciso(LIBRARY)):
        assert made.questionnaire.status is Status.DRAFT
        assert made.questionnaire.reference == "elsewhere@1.2.0"
        assert made.place == "elsewhere/1.2.0/questionnaire.yaml"
        assert load_questionnaire(made.content, "again") == made.questionnaire
        assert made.content.startswith(b"# Made from ")


# OWASP SAMM -------------------------------------------------------------------------------------------------


def test_functions_practices_and_streams_are_dimensions_in_their_order() -> None:
    made = from_samm(core(), "core", HEAD)
    assert shape(made.questionnaire.dimensions) == {
        "deciding": {"rules": {"writing": ["samm-aa01", "samm-aa02"], "keeping": ["samm-aa03"]}},
        "building": {"rules-2": {"writing-2": ["samm-aa05"]}},
    }
    assert made.questionnaire.dimensions[0].summary == "Who decides."


def test_answers_keep_their_words_values_and_order() -> None:
    found = questions(from_samm(core(), "core", HEAD))["samm-aa01"]
    assert [(option.id, option.label, option.value) for option in found.options] == [
        ("0", "No", 0), ("1", "Yes, some", 0.5), ("2", "Yes, all", 1),
    ]  # fmt: skip
    assert found.help == "- They are written\n- They are read"
    assert found.title == "Rules are written"
    assert found.maps_to == ("SAMM Rules are written, level 1",)
    assert from_samm(core(), "core", HEAD).questionnaire.scale == ValueScale(minimum=0, maximum=1)


def test_what_samm_has_and_we_have_not_is_said() -> None:
    report = "\n".join(from_samm(core(), "core", HEAD).report)
    assert "A part without a question: Empty" in report
    assert "A question whose answers aren't there: Lost" in report
    assert "A weight of single answers: Weighed" in report
    assert "more than 40 characters" in report
    assert "score of 0 to 3" in report


@pytest.mark.parametrize("folder", ["business_functions", "questions", "answer_sets"])
def test_a_folder_without_its_parts_is_no_core(folder: str) -> None:
    with pytest.raises(QuestionnaireError) as refused:
        from_samm(core(**{folder: []}), "core", HEAD)
    assert [problem.code for problem in refused.value.problems] == [FOREIGN_MISSING.code]
    with pytest.raises(QuestionnaireError):
        from_samm({}, "nothing", HEAD)


def test_a_file_of_the_core_that_cannot_be_read_is_named_with_its_line() -> None:
    broken = {**core(), "core/model/questions/b.yml": b"id: b\ntext: [\n"}
    with pytest.raises(QuestionnaireError, match=r"core/model/questions/b\.yml:"):
        from_samm(broken, "core", HEAD)


# CISO Assistant ---------------------------------------------------------------------------------------------


def node(urn: str, parent: str = "", **fields: Any) -> dict[str, Any]:
    return {"urn": urn, **({"parent_urn": parent} if parent else {}), "assessable": False, **fields}


SCORES = [
    {"score": 3, "name": "Lived", "description": "Everybody does."}, {"score": 0, "name": "None", "description": None},
    {"score": 1, "name": "Begun"},
]  # fmt: skip
CHOICES = {
    "type": "unique_choice",
    "text": "How many?",
    "choices": [{"value": "None"}, {"value": "Some"}, {"value": "All"}],
}
NODES = [
    node("u:gov", ref_id="GOV", name="Governance"),
    node("u:1", "u:gov", assessable=True, ref_id="GOV.1", description="Somebody decides.", annotation="A person.", typical_evidence="The minutes", weight=2, implementation_groups=["S"], threats=["t"]),
    node("u:deep", "u:gov", ref_id="GOV.2", name="Deeper"),
    node("u:2", "u:deep", assessable=True, ref_id="GOV.2.1", name="Counted", questions={"u:q": CHOICES, "u:text": {"type": "text", "text": "Say more."}}),
    node("u:none", name="Nothing below"),
    node("u:top", assessable=True, name="At the top", description="Beside all parts."),
    node("u:lost", "u:gone", assessable=True, name="Of a parent that isn't there"),
]  # fmt: skip
LIBRARY: dict[str, Any] = {
    "urn": "u", "locale": "fr", "ref_id": "X", "name": "A library", "version": 3,
    "objects": {
        "framework": {"urn": "u:f", "name": "A framework", "description": "What it is.", "scores_definition": SCORES, "requirement_nodes": NODES},
        "reference_controls": [], "threats": [],
    },
}  # fmt: skip


def ciso(library: Any, head: Head = HEAD) -> Imported:
    return from_ciso_assistant(yaml.safe_dump(library).encode(), "library.yaml", head)


def framework(**fields: Any) -> dict[str, Any]:
    return {**LIBRARY, "objects": {"framework": {**LIBRARY["objects"]["framework"], **fields}}}


def test_parts_are_dimensions_and_what_is_assessable_is_asked() -> None:
    made = ciso(LIBRARY)
    assert shape(made.questionnaire.dimensions) == {
        "from-elsewhere": ["at-the-top", "of-a-parent-that-isn-t-there"],
        "gov-governance": {"governance": ["gov-1"], "gov-2-deeper": ["gov-2-1-counted"]},
    }
    assert (made.questionnaire.language, made.questionnaire.summary) == ("fr", "What it is.")


def test_a_requirement_is_answered_with_the_frameworks_scores() -> None:
    found = questions(ciso(LIBRARY))["gov-1"]
    assert [(option.id, option.label, option.value) for option in found.options] == [
        ("0", "None", 0), ("1", "Begun", 1), ("3", "Lived: Everybody does.", 3),
    ]  # fmt: skip
    assert (found.prompt, found.help, found.evidence) == ("Somebody decides.", "A person.", "The minutes")
    assert found.weight == 2


def test_a_requirement_with_a_question_of_its_own_is_answered_with_its_choices() -> None:
    found = questions(ciso(LIBRARY))["gov-2-1-counted"]
    assert found.prompt == "How many?"
    assert [(option.label, option.value) for option in found.options] == [
        ("None", 0),
        ("Some", 0.5),
        ("All", 1),
    ]
    scored = {**CHOICES, "choices": [{"value": "No", "add_score": 0}, {"value": "Yes", "add_score": 3}]}
    nodes = [node("u:2", assessable=True, name="Counted", questions=[scored])]
    (only,) = questions(ciso(framework(requirement_nodes=nodes))).values()
    assert [option.value for option in only.options] == [0, 3]


@pytest.mark.parametrize(
    ("choices", "worth"),
    [
        ([{"value": "Yes"}, {"value": "No"}], [1, 0]),
        ([{"value": "Never", "compute_result": False}, {"value": "Always", "compute_result": True}], [0, 1]),
        ([{"value": "It depends", "add_score": 2}, {"value": "No", "add_score": 5}], [2, 5]),
    ],
)
def test_the_order_of_choices_says_nothing_of_their_worth(
    choices: list[dict[str, Any]], worth: list[float]
) -> None:
    asked = [{"type": "unique_choice", "text": "Is it?", "choices": choices}]
    nodes = [node("u:2", assessable=True, name="Asked", questions=asked)]
    made = ciso(framework(requirement_nodes=nodes))
    (only,) = questions(made).values()
    assert [option.value for option in only.options] == worth
    assert not any("without a score" in line for line in made.report)


def test_without_scores_it_is_asked_whether_a_requirement_is_met() -> None:
    nodes = [node("u:1", assessable=True, name="Only one")]
    (only,) = questions(ciso(framework(scores_definition=None, requirement_nodes=nodes))).values()
    assert [(option.id, option.value) for option in only.options] == [("no", 0), ("partly", 0.5), ("yes", 1)]


def test_what_a_library_has_and_we_have_not_is_said() -> None:
    report = "\n".join(ciso(LIBRARY).report)
    for said in (
        "Implementation groups", "Threats", "A question that isn't answered by one of several choices: Counted",
        "A part without a question: Nothing below", "reference controls", "reach different scores",
        "Choices without a score, which rise in their order now; check each: How many?",
    ):  # fmt: skip
        assert said in report, said


@pytest.mark.parametrize(
    "library", [[], {}, {"objects": []}, {"objects": {"framework": {}}}, framework(requirement_nodes=[]), framework(requirement_nodes=["x", 3])]
)  # fmt: skip
def test_what_is_no_library_is_refused(library: Any) -> None:
    with pytest.raises(QuestionnaireError) as refused:
        ciso(library)
    assert [problem.code for problem in refused.value.problems] == [FOREIGN_MISSING.code]


# Names ------------------------------------------------------------------------------------------------------


def test_names_become_ids_that_are_taken_once() -> None:
    names = Names()
    assert [names.id_for(name, "part") for name in ("Données", "donnees", "!", "?", "x" * 90, "x" * 90)] == [
        "donnees", "donnees-2", "part", "part-2", "x" * 80, "x" * 78 + "-2",
    ]  # fmt: skip
    assert slug("--A  b--") == "a-b"


def test_a_long_text_is_cut_where_ours_end_and_that_is_said() -> None:
    nodes = [node("u:1", assessable=True, name="Long", description="word " * 600)]
    made = ciso(framework(requirement_nodes=nodes))
    (only,) = questions(made).values()
    assert len(only.prompt) <= 2_000
    assert only.prompt.endswith("…")
    assert any("beyond 2000 characters: Long" in line for line in made.report)
