"""What stands between a written version and a published one: its wording, its ids, and an honest number."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from assessment import errors
from assessment.errors import Problem, QuestionnaireError
from assessment.questionnaire.catalogue import Catalogue, catalogue_of
from assessment.questionnaire.comparison import compare
from assessment.questionnaire.lint import lint
from assessment.questionnaire.models import Questionnaire
from assessment.questionnaire.publication import (
    comparison_lines,
    require_honest_step,
    require_publishable,
    style_findings,
)
from tests.questionnaire.builders import SCALE, dimension, question

Data = dict[str, Any]


def asked(identifier: str, thing: str, **fields: Any) -> Data:
    """A core question that nobody could find fault with."""
    return question(
        identifier,
        **{
            "prompt": f"Who looks after the {thing}?",
            "help": f"Ask whoever used the {thing} last.",
            "evidence": f"The name on the {thing}",
            "core": True,
            "levels": {"1": f"Nobody looks after the {thing}.", "2": "A team does.", "3": "One person does."},
            **fields,
        },
    )


def well_written(**fields: Any) -> Data:
    """A published questionnaire without findings."""
    return copy.deepcopy({
        "id": "example", "version": "1.0.0", "title": "An example", "summary": "Who looks after what.",
        "status": "published", "published_on": "2026-12-01", "scale": SCALE,
        "dimensions": [dimension("direction", asked("list", "list"), asked("key", "key"))],
        "vignettes": [
            {"id": "ana", "question": "list", "level": 2, "situation": "Ana asks her team for the list."},
            {"id": "ben", "question": "key", "level": 1, "situation": "Ben can't find the key."},
        ],
        **fields,
    })  # fmt: skip


def reworded(**fields: Any) -> Data:
    """The same with another word in one core question."""
    data = well_written(**fields)
    data["dimensions"][0]["questions"][0]["help"] = "Ask whoever wrote the list last."
    return data


def longer(**fields: Any) -> Data:
    """The same with one question more that isn't core."""
    data = well_written(**fields)
    data["dimensions"][0]["questions"].append(asked("door", "door", core=False))
    return data


def vague(**fields: Any) -> Data:
    data = well_written(**fields)
    data["dimensions"][0]["questions"][0]["help"] = "Ask whoever often used the list."
    return data


def other_meaning(**fields: Any) -> Data:
    """The same ids, and behind one of them another question."""
    data = well_written(**fields)
    levels = {"1": "Nothing.", "2": "A bell rings.", "3": "Guards come within 5 minutes."}
    data["dimensions"][0]["questions"][0].update(prompt="What happens when it burns?", levels=levels)
    return data


def elsewhere(**fields: Any) -> Data:
    """A second questionnaire with ids of its own."""
    data = well_written(id="another", **fields)
    data["dimensions"] = [dimension("direction", asked("roof", "roof"), asked("floor", "floor"))]
    for vignette, target in zip(data["vignettes"], ("roof", "floor"), strict=True):
        vignette["question"] = target
    return data


def model(data: Data) -> Questionnaire:
    return Questionnaire.model_validate(data)


def of(*versions: Data) -> Catalogue:
    return catalogue_of(model(version) for version in versions)


def file(version: str = "1.0.0", identifier: str = "example") -> str:
    return f"{identifier}/{version}/questionnaire.yaml"


def refused(catalogue: Catalogue, *references: str, same_meaning: tuple[str, ...] = ()) -> list[Problem]:
    with pytest.raises(QuestionnaireError) as refusal:
        require_publishable(catalogue, references, same_meaning)
    return list(refusal.value.problems)


FIRST = well_written()
OFTEN = errors.LINT_VAGUE.at(file(), 0, id="list", what="help", word="often")


def too_small(before: str, after: str, step: str, why: str) -> Problem:
    return errors.STEP_TOO_SMALL.at(
        file(after), 0, before=f"example@{before}", after=after, step=step, why=why
    )


def test_the_example_itself_has_no_findings() -> None:
    assert lint(model(FIRST), file()) == []
    assert lint(model(elsewhere()), file()) == []


# Publishing ---------------------------------------------------------------------------------------------------


def test_a_first_version_that_reads_well_may_be_published() -> None:
    require_publishable(of(FIRST), ["example@1.0.0"], ())


def test_a_first_version_with_findings_is_refused_with_all_of_them() -> None:
    assert refused(of(vague(summary=None)), "example@1.0.0") == lint(model(vague(summary=None)), file())
    assert len(lint(model(vague(summary=None)), file())) == 2


def test_nothing_new_is_nothing_to_refuse() -> None:
    require_publishable(of(FIRST, vague(version="1.0.1", status="draft")), [], ())
    require_publishable(of(FIRST), ["verdicts@1.0.0"], ())


def test_an_older_version_with_findings_stops_no_newer_one() -> None:
    require_publishable(of(vague(), well_written(version="1.1.0")), ["example@1.1.0"], ["list"])


@pytest.mark.parametrize(
    "later",
    [
        well_written(version="1.0.1"),
        longer(version="1.1.0"),
        reworded(version="2.0.0"),
        elsewhere(version="1.0.1"),
    ],
    ids=["nothing changed", "one question more", "a core question reworded", "another questionnaire"],
)
def test_a_step_that_is_large_enough_is_taken(later: Data) -> None:
    require_publishable(of(FIRST, later), [f"{later['id']}@{later['version']}"], ())


@pytest.mark.parametrize("version", ["1.0.1", "1.1.0"])
def test_a_reworded_core_question_needs_a_major_step_or_the_authors_word(version: str) -> None:
    catalogue = of(FIRST, reworded(version=version))
    assert refused(catalogue, f"example@{version}") == [too_small("1.0.0", version, "major", "list")]
    assert refused(catalogue, f"example@{version}", same_meaning=("key",)) == [
        too_small("1.0.0", version, "major", "list")
    ]
    require_publishable(catalogue, [f"example@{version}"], ["list"])


def test_a_new_question_needs_a_minor_step() -> None:
    catalogue = of(FIRST, longer(version="1.0.1"))
    assert refused(catalogue, "example@1.0.1") == [too_small("1.0.0", "1.0.1", "minor", "door")]


def test_a_change_around_the_questions_is_named_so() -> None:
    catalogue = of(FIRST, well_written(version="1.1.0", scoring={"aggregate": "minimum"}))
    around = "what is around the questions"
    assert refused(catalogue, "example@1.1.0") == [too_small("1.0.0", "1.1.0", "major", around)]


def test_only_the_first_of_many_demanding_questions_are_named() -> None:
    data = well_written(version="1.0.1")
    data["dimensions"].append(dimension("more", *[asked(f"door-{n}", f"door {n}") for n in range(5)]))
    (problem,) = refused(of(FIRST, data), "example@1.0.1")
    assert problem == too_small("1.0.0", "1.0.1", "major", "door-0, door-1, door-2")


def test_a_version_is_compared_with_the_published_one_before_it_and_no_draft() -> None:
    draft = reworded(version="1.0.5", status="draft", published_on=None)
    published = reworded(version="1.1.0")
    assert refused(of(FIRST, draft, published), "example@1.1.0") == [
        too_small("1.0.0", "1.1.0", "major", "list")
    ]
    require_publishable(of(reworded(), published, well_written(version="2.0.0")), ["example@1.1.0"], ())


def test_a_retired_version_is_a_predecessor_too() -> None:
    catalogue = of(well_written(status="retired"), reworded(version="1.1.0"))
    assert refused(catalogue, "example@1.1.0") == [too_small("1.0.0", "1.1.0", "major", "list")]


def test_a_version_between_two_is_compared_with_the_earlier_and_by_numbers() -> None:
    catalogue = of(
        well_written(version="1.9.0"), well_written(version="1.9.1"), reworded(version="1.10.0"),
        reworded(version="2.0.0"),
    )  # fmt: skip
    require_publishable(catalogue, ["example@1.9.1"], ())
    assert refused(catalogue, "example@1.10.0") == [too_small("1.9.1", "1.10.0", "major", "list")]
    require_publishable(catalogue, ["example@2.0.0"], ())


def test_two_new_versions_at_once_are_both_looked_at() -> None:
    catalogue = of(FIRST, vague(version="2.0.0"), longer(version="2.0.1"))
    sources = [problem.source for problem in refused(catalogue, "example@2.0.0", "example@2.0.1")]
    assert sources == [file("2.0.0"), file("2.0.1")]


def test_findings_and_a_small_step_come_together() -> None:
    found = refused(of(FIRST, vague(version="1.1.0")), "example@1.1.0")
    assert [problem.code for problem in found] == [errors.LINT_VAGUE.code, errors.STEP_TOO_SMALL.code]


def test_an_id_of_another_questionnaire_is_refused() -> None:
    data = elsewhere()
    data["dimensions"][0]["questions"][1]["id"] = "key"
    data["vignettes"][1]["question"] = "key"
    catalogue = of(data, well_written())
    assert refused(catalogue, "example@1.0.0") == [
        errors.LINT_ID_SHARED.at(file(), 0, id="key", other="another@1.0.0")
    ]


@pytest.mark.parametrize("same_meaning", [(), ("list",)])
def test_an_id_for_another_meaning_is_refused_even_with_a_major_step(same_meaning: tuple[str, ...]) -> None:
    catalogue = of(FIRST, other_meaning(version="2.0.0"))
    assert refused(catalogue, "example@2.0.0", same_meaning=same_meaning) == [
        errors.LINT_ID_REUSED.at(file("2.0.0"), 0, id="list", other="example@1.0.0")
    ]


# Checking -----------------------------------------------------------------------------------------------------


def test_findings_of_drafts_and_of_published_versions_are_told_apart() -> None:
    draft = vague(version="1.0.1", status="draft")
    drafts, published = style_findings(of(vague(), draft))
    assert published == [OFTEN]
    assert drafts == lint(model(draft), file("1.0.1"))
    assert len(drafts) == 1


def test_retired_versions_are_left_in_peace() -> None:
    assert style_findings(of(vague(status="retired"))) == ([], [])


def test_a_folder_that_reads_well_has_no_findings() -> None:
    assert style_findings(of(FIRST, elsewhere(), well_written(version="1.0.1", status="draft"))) == ([], [])


def test_a_published_version_with_the_id_of_another_is_found() -> None:
    _, published = style_findings(of(FIRST, other_meaning(version="2.0.0")))
    assert [problem.code for problem in published] == [errors.LINT_ID_REUSED.code]


def test_a_small_step_is_found_when_it_is_locked_and_not_by_a_check() -> None:
    assert style_findings(of(FIRST, reworded(version="1.0.1"))) == ([], [])


# One comparison -----------------------------------------------------------------------------------------------


def test_an_honest_step_passes_and_a_small_one_is_refused() -> None:
    require_honest_step(compare(model(FIRST), model(reworded(version="2.0.0"))))
    with pytest.raises(QuestionnaireError) as refusal:
        require_honest_step(compare(model(FIRST), model(reworded(version="1.0.1"))))
    assert refusal.value.problems == (too_small("1.0.0", "1.0.1", "major", "list"),)


def test_two_questionnaires_have_no_step_between_them() -> None:
    with pytest.raises(QuestionnaireError) as refusal:
        require_honest_step(compare(model(FIRST), model(elsewhere(version="2.0.0"))))
    assert refusal.value.problems == (
        errors.TWO_QUESTIONNAIRES.at(
            file("2.0.0", "another"), 0, before="example@1.0.0", after="another@2.0.0"
        ),
    )


def lines(later: Data, *same_meaning: str) -> list[str]:
    return list(comparison_lines(compare(model(FIRST), model(later), same_meaning)))


def test_a_comparison_without_changes_takes_two_lines() -> None:
    assert lines(well_written(version="1.0.1")) == [
        "example@1.0.0 → example@1.0.1: 2 unchanged",
        "Least step: none; the numbers make: patch.",
    ]


def test_a_changed_question_is_shown_with_what_it_was_and_what_it_is() -> None:
    assert lines(reworded(version="1.1.0")) == [
        "example@1.0.0 → example@1.1.0: 1 meaning, 1 unchanged",
        "  meaning    list (core)",
        "             help: was 'Ask whoever used the list last.', is 'Ask whoever wrote the list last.'",
        "Least step: major; the numbers make: minor.",
    ]
    assert lines(reworded(version="1.1.0"), "list")[1] == "  wording    list (core)"


def test_what_changed_around_the_questions_is_shown() -> None:
    assert lines(well_written(version="2.0.0", title="Another"))[1:-1] == [
        "  frame      title: was 'An example', is 'Another'"
    ]


def test_only_the_first_places_of_a_question_are_shown() -> None:
    data = well_written(version="2.0.0")
    data["dimensions"][0]["questions"][0].update(
        weight=2, effort=3, phase="before", evidence="It", help="Ask."
    )
    shown = lines(data)
    assert shown[1] == "  structure  list (core)"
    assert len(shown[2:-1]) == 4
    assert shown[-2] == "             … and 2 more"
    data["dimensions"][0]["questions"][0] |= {"effort": 2, "phase": "both"}
    shown = lines(data)
    assert len(shown[2:-1]) == 3
    assert "more" not in shown[-2]


def test_a_question_that_comes_names_the_one_that_it_comes_from() -> None:
    data = well_written(version="2.0.0")
    data["dimensions"][0]["questions"][0]["id"] = "lists"
    data["vignettes"][0]["question"] = "lists"
    shown = lines(data)
    assert shown[0] == "example@1.0.0 → example@2.0.0: 1 new, 1 retired, 1 unchanged"
    assert "  new        lists (core) (list)" in shown
    assert "  retired    list (core) (lists)" in shown


def test_a_split_question_names_what_it_became_and_a_merged_one_what_it_was() -> None:
    halves = well_written(version="2.0.0", vignettes=[])
    lists = [asked("paper", "list on paper"), asked("screen", "list on screens")]
    halves["dimensions"] = [dimension("direction", *lists, asked("key", "key"))]
    assert "  split      list (core) (paper, screen)" in lines(halves)
    back = list(comparison_lines(compare(model(halves), model(well_written(version="3.0.0")))))
    assert back[0] == "example@2.0.0 → example@3.0.0: 2 retired, 1 merged, 1 unchanged"
    assert "  merged     list (core) (paper, screen)" in back


def test_a_changed_scale_is_called_so() -> None:
    def valued(number: str, value: float) -> Questionnaire:
        options = [{"id": "no", "label": "No.", "value": 0}, {"id": "yes", "label": "Yes.", "value": value}]
        first = dimension("direction", question("own", options=options))
        return model(
            well_written(version=number, dimensions=[first], vignettes=[], scale={"minimum": 0, "maximum": 1})
        )

    shown = list(comparison_lines(compare(valued("1.0.0", 1), valued("2.0.0", 0.5))))
    assert shown[1] == "  scale      own"


def test_ids_that_drafts_or_retired_versions_share_stop_nobody_else() -> None:
    others = [well_written(id=name, status="draft") for name in ("first", "second")]
    retired = [well_written(id=name, status="retired") for name in ("third", "fourth")]
    catalogue = catalogue_of(Questionnaire.model_validate(data) for data in (*others, *retired))
    drafts, published = style_findings(catalogue)
    assert published == []
    assert {problem.code for problem in drafts} == {errors.LINT_ID_SHARED.code}


def test_a_draft_that_takes_a_published_id_is_the_one_at_fault() -> None:
    taking, owning = well_written(id="a-draft", status="draft"), well_written(id="published")
    catalogue = catalogue_of(Questionnaire.model_validate(data) for data in (taking, owning))
    drafts, published = style_findings(catalogue)
    assert published == []
    assert {problem.source for problem in drafts} == {"a-draft/1.0.0/questionnaire.yaml"}
    require_publishable(catalogue, ["published@1.0.0"], ())


def test_a_new_version_may_not_take_an_id_of_a_locked_one_that_comes_later_in_the_alphabet() -> None:
    taking, owning = well_written(id="aa"), well_written(id="zz")
    catalogue = catalogue_of(Questionnaire.model_validate(data) for data in (taking, owning))
    with pytest.raises(QuestionnaireError) as refusal:
        require_publishable(catalogue, ["aa@1.0.0"], ())
    found = refusal.value.problems
    assert {(problem.source, problem.code) for problem in found} == {
        ("aa/1.0.0/questionnaire.yaml", errors.LINT_ID_SHARED.code)
    }
