"""How far several respondents of one unit agree, against the literature and against the definitions written out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import permutations
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.analysis.agreement import (
    AgreementFinding,
    DimensionAgreement,
    QuestionAgreement,
    Strength,
    Unmeasured,
    agreement,
    ordinal_alpha,
    within_group_agreement,
)
from assessment.questionnaire.models import Questionnaire
from assessment.responses import ANSWER_COLUMNS
from tests.scoring.shorthand import ID, ROUND, VERSION, answer_rows, written_out

#: What each respondent says to each question: `{sponsor: {ann: 4, ben: "don't know", agreed: 4}}`.
Said = Mapping[str, Mapping[str, Any]]
WHOSE = {"round_id": ROUND, "unit_id": "FR", "questionnaire_id": ID, "questionnaire_version": VERSION}
USUAL = {"direction": ["sponsor", "money"], "people": ["owner", "steward"]}


def asking(dimensions: Mapping[str, Sequence[str]], **fields: Any) -> dict[str, Any]:
    return {
        "dimensions": {
            name: {"questions": dict.fromkeys(questions, 1)} for name, questions in dimensions.items()
        },
        **fields,
    }


def rows_of(said: Said, **whose: str) -> pd.DataFrame:
    rows = answer_rows(said, **{**WHOSE, **whose})
    return pd.DataFrame(rows, columns=list(ANSWER_COLUMNS), dtype=str).fillna("")


def found_in(rows: pd.DataFrame, short: Mapping[str, Any] | None = None) -> AgreementFinding:
    questionnaire = Questionnaire.model_validate(written_out(short or asking(USUAL)))
    return agreement(rows, questionnaire, "country", unit_label="France")


def finding(said: Said, short: Mapping[str, Any] | None = None) -> AgreementFinding:
    return found_in(rows_of(said), short)


def sponsor(*said: Any, short: Mapping[str, Any] | None = None) -> QuestionAgreement:
    found = finding({"sponsor": {f"r{place}": what for place, what in enumerate(said)}}, short)
    return next(entry for entry in found.questions if entry.question_id == "sponsor")


def everywhere(*levels: Any, **others: Sequence[Any]) -> dict[str, dict[str, Any]]:
    """The same levels on every question, except for `others`."""
    questions = [name for names in USUAL.values() for name in names]
    return {
        name: {f"r{place}": level for place, level in enumerate(others.get(name, levels))}
        for name in questions
    }


# The literature ---------------------------------------------------------------------------------------

#: Four observers, twelve units, five values. Source: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability.
KRIPPENDORFF = [
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
]


def units_of(matrix: Sequence[str]) -> list[list[float]]:
    return [[float(v) for v in unit if v != "."] for unit in zip(*map(str.split, matrix), strict=True)]


def nominal(low: float, high: float, pairable: Sequence[float]) -> float:
    return float(low != high)


def interval(low: float, high: float, pairable: Sequence[float]) -> float:
    return (high - low) ** 2


def ordinal(low: float, high: float, pairable: Sequence[float]) -> float:
    low, high = sorted((low, high))
    between = sum(low <= value <= high for value in pairable)
    return (between - (pairable.count(low) + pairable.count(high)) / 2) ** 2


def alpha_pair_by_pair(
    ratings: Sequence[Sequence[float]], difference: Callable[[float, float, Sequence[float]], float]
) -> float | None:
    """The definition, one pair of ratings after the other, for any difference."""
    shared = [unit for unit in ratings if len(unit) >= 2]
    pairable = [value for unit in shared for value in unit]
    observed = sum(
        difference(*pair, pairable) / (len(unit) - 1) for unit in shared for pair in permutations(unit, 2)
    )
    expected = sum(difference(*pair, pairable) for pair in permutations(pairable, 2))
    return 1 - observed * (len(pairable) - 1) / expected if expected else None


@pytest.mark.parametrize(
    ("difference", "alpha"),
    [(nominal, 0.743), (ordinal, 0.815), (interval, 0.849)],
    ids=lambda v: getattr(v, "__name__", str(v)),
)
def test_the_definition_written_out_gives_the_published_figures(difference: Any, alpha: float) -> None:
    assert alpha_pair_by_pair(units_of(KRIPPENDORFF), difference) == pytest.approx(alpha, abs=5e-4)


def test_alpha_of_the_published_matrix_is_the_published_one() -> None:
    assert ordinal_alpha(units_of(KRIPPENDORFF)) == pytest.approx(0.815, abs=5e-4)


def test_the_published_matrix_as_answers_gives_the_published_alpha_and_is_good() -> None:
    names = [f"q{unit:02}" for unit in range(1, 13)]
    said = {
        name: {f"observer {place}": v for place, v in enumerate(unit) if v != "."}
        for name, unit in zip(names, zip(*map(str.split, KRIPPENDORFF), strict=True), strict=True)
    }
    found = finding(said, asking({"all": names}))
    assert found.whole.alpha == pytest.approx(0.815, abs=5e-4)
    assert (found.whole.shared, found.whole.strength) == (11, Strength.GOOD)
    assert found.dimensions == (DimensionAgreement("all", "About all", 11, found.whole.alpha, None),)


@pytest.mark.parametrize(
    ("levels", "r_wg"), [((3, 3, 4, 4, 3), 0.85), ((1, 1, 5, 5), -5 / 3), ((1, 5), -3), ((2, 2), 1)]
)
def test_r_wg_is_the_published_one_and_is_not_cut_at_zero(levels: tuple[int, ...], r_wg: float) -> None:
    assert within_group_agreement(levels, 5) == pytest.approx(r_wg)
    assert sponsor(*levels).r_wg == pytest.approx(r_wg)


# A question -------------------------------------------------------------------------------------------


def test_a_question_shows_its_range_and_who_gave_no_level() -> None:
    found = sponsor(4, 1, "don't know", 2, "not applicable", "don't know", 5)
    assert (found.voices, found.levels) == (4, (1, 2, 4, 5))
    assert (found.lowest, found.median, found.highest, found.spread) == (1, 3, 5, 4)
    assert (found.dont_know, found.not_applicable, found.reason) == (2, 1, None)
    assert found.is_divided


@pytest.mark.parametrize(
    ("levels", "is_divided"), [((3, 3), False), ((3, 4), False), ((3, 4, 5), True), ((1, 3), True)]
)
def test_respondents_are_divided_from_two_levels_apart_on(levels: Sequence[int], is_divided: bool) -> None:
    assert sponsor(*levels).is_divided is is_divided


@pytest.mark.parametrize(
    ("said", "level"),
    [((), None), ((4,), 4), ((4, "don't know"), 4), (("don't know", "not applicable"), None)],
)
def test_a_question_with_fewer_than_two_voices_has_no_spread_and_says_why(
    said: Sequence[Any], level: float | None
) -> None:
    found = sponsor(*said)
    assert (found.spread, found.r_wg, found.is_divided) == (None, None, False)
    assert found.reason is Unmeasured.NEEDS_TWO
    assert (found.lowest, found.median, found.highest) == (level, level, level)


def test_an_answer_that_is_no_option_is_no_voice() -> None:
    assert sponsor(3, 9, 4).levels == (3, 4)


def test_on_a_scale_of_values_a_step_is_from_one_option_to_the_next() -> None:
    short = asking(USUAL, scale={"minimum": 0, "maximum": 100}, options=[0, 50, 100])
    near, far = sponsor(0, 50, short=short), sponsor(0, 100, short=short)
    assert (near.spread, near.is_divided) == (50, False)
    assert (far.spread, far.is_divided) == (100, True)
    assert far.r_wg == pytest.approx(1 - 2 / (8 / 12)), "two places apart among three options"


def test_options_that_are_worth_the_same_are_one_level() -> None:
    alike = [{"id": name, "label": f"Is {name}", "value": v} for name, v in (("a", 0), ("b", 0), ("c", 1))]
    short = asking(USUAL, scale={"minimum": 0, "maximum": 1}, options=[0, 1])
    short["dimensions"]["direction"]["questions"]["sponsor"] = {"options": alike}
    assert sponsor("a", "b", short=short).r_wg == 1
    assert sponsor("a", "c", short=short).r_wg == pytest.approx(1 - (1 / 2) / (3 / 12)), (
        "two levels, not three"
    )
    assert not sponsor("a", "c", short=short).is_divided


def test_r_wg_needs_two_options_to_choose_from() -> None:
    assert within_group_agreement([0, 0], 1) is None


def test_divided_questions_come_first_the_widest_ahead_and_those_without_a_spread_last() -> None:
    said = {"money": {"a": 3, "b": 4}, "owner": {"a": 1, "b": 5}, "steward": {"a": 2, "b": 4}}
    names = [entry.question_id for entry in finding(said).questions]
    assert names == ["owner", "steward", "money", "sponsor"]


def test_a_division_leads_even_if_one_step_of_another_question_is_worth_more() -> None:
    short = asking(USUAL, scale={"minimum": 0, "maximum": 100}, options=[0, 10, 20])
    yes_or_no = [{"id": str(v), "label": f"Is {v}", "value": v} for v in (0, 100)]
    short["dimensions"]["direction"]["questions"]["sponsor"] = {"options": yes_or_no}
    found = finding({"sponsor": {"a": 0, "b": 100}, "steward": {"a": 0, "b": 20}}, short)
    assert [entry.question_id for entry in found.questions[:2]] == ["steward", "sponsor"]


# A dimension ------------------------------------------------------------------------------------------


def dimension(said: Said) -> DimensionAgreement:
    return finding(said).dimensions[0]


@pytest.mark.parametrize(
    ("said", "shared", "reason"),
    [
        ({}, 0, Unmeasured.NEEDS_TWO),
        ({"sponsor": {"a": 1}, "money": {"a": 3}}, 0, Unmeasured.NEEDS_TWO),
        ({"sponsor": {"a": 1}, "money": {"b": 3}}, 0, Unmeasured.NEEDS_TWO),
        ({"sponsor": {"a": 3, "b": "don't know"}, "money": {"b": 3}}, 0, Unmeasured.NEEDS_TWO),
        ({"sponsor": {"a": 3, "b": 3}, "money": {"a": 3, "b": 3}}, 2, Unmeasured.NO_VARIATION),
        ({"sponsor": {"a": 3, "b": 3}, "money": {"a": 1}}, 1, Unmeasured.NO_VARIATION),
        ({"sponsor": {"a": 1, "b": 5}, "money": {"a": 1}}, 1, Unmeasured.NEEDS_TWO_QUESTIONS),
    ],
)
def test_a_dimension_without_alpha_says_why(said: Said, shared: int, reason: Unmeasured) -> None:
    assert dimension(said) == DimensionAgreement("direction", "About direction", shared, None, reason)
    assert dimension(said).strength is None


def test_respondents_who_agree_on_different_levels_have_an_alpha_of_one() -> None:
    found = dimension(everywhere(2, 2, 2, money=(5, 5, 5)))
    assert (found.alpha, found.strength, found.reason) == (1, Strength.GOOD, None)


def test_dimensions_are_measured_apart_and_the_whole_over_all_questions() -> None:
    found = finding(everywhere(1, 1, money=(5, 5), owner=(1, 5), steward=(5, 1)))
    assert found.whole.dimension_id is None
    assert (found.whole.title, found.whole.shared) == ("An example", 4)
    assert [entry.dimension_id for entry in found.dimensions] == ["direction", "people"]
    agreed, opposed = found.dimensions
    assert agreed.alpha == 1
    assert opposed.alpha == pytest.approx(-0.5), (
        "1 − 1 ÷ (2/3): every pair differs, two thirds would by chance"
    )
    assert found.whole.alpha == pytest.approx(1 - (1 / 2) / (4 / 7))


def test_a_dimension_holds_the_questions_of_those_below_it() -> None:
    inner = {name: {"questions": {f"{name}-{n}": 1 for n in (1, 2)}} for name in ("left", "right")}
    short = {"dimensions": {"both": {"dimensions": inner}}}
    said = {f"{name}-{n}": {"a": n, "b": n} for name in ("left", "right") for n in (1, 2)}
    shared = {entry.dimension_id: entry.shared for entry in finding(said, short).dimensions}
    assert shared == {"both": 4, "left": 2, "right": 2}


@pytest.mark.parametrize(
    ("alpha", "strength"),
    [
        (1, Strength.GOOD),
        (0.8, Strength.GOOD),
        (0.8 - 1e-15, Strength.GOOD),
        (0.799, Strength.TENTATIVE),
        (0.667, Strength.TENTATIVE),
        (0.6669, Strength.WEAK),
        (0, Strength.WEAK),
        (-0.5, Strength.WEAK),
    ],
)
def test_alpha_is_good_tentative_or_weak(alpha: float, strength: Strength) -> None:
    assert DimensionAgreement("direction", "Direction", 3, alpha, None).strength is strength


# Whose answers count ----------------------------------------------------------------------------------


def test_the_agreed_answer_is_no_voice() -> None:
    assert sponsor(3, 4) == next(
        entry
        for entry in finding({"sponsor": {"r0": 3, "agreed": 1, "r1": 4}}).questions
        if entry.question_id == "sponsor"
    )
    assert finding({"sponsor": {"agreed": 1}}).respondents == 0


def test_answers_to_another_version_or_questionnaire_are_passed_over() -> None:
    said = {"sponsor": {"a": 1, "b": 5}}
    for whose in ({"questionnaire_version": "2.0.0"}, {"questionnaire_id": "another"}):
        assert found_in(rows_of(said, **whose)) == finding({})


def test_only_what_the_unit_is_asked_is_looked_at() -> None:
    short = asking(USUAL)
    for name in ("owner", "steward"):
        short["dimensions"]["people"]["questions"][name] = {"units": ["domain"]}
    found = finding(everywhere(1, 5), short)
    assert [entry.question_id for entry in found.questions] == ["sponsor", "money"]
    assert [entry.dimension_id for entry in found.dimensions] == ["direction"]
    assert (found.whole.shared, found.respondents) == (2, 2)
    assert finding({"owner": {"a": 1, "b": 2}, "no-question": {"c": 3}}, short).respondents == 0


def test_a_unit_that_is_asked_nothing_has_an_empty_finding() -> None:
    questionnaire = Questionnaire.model_validate(written_out(asking(USUAL)))
    found = agreement(rows_of(everywhere(1, 5)), questionnaire, "group", unit_label="Group")
    assert (found.respondents, found.questions, found.dimensions) == (0, (), ())
    assert found.whole.reason is Unmeasured.NEEDS_TWO
    assert found.headline == "Group has no respondents; agreement needs two"


# The headline -----------------------------------------------------------------------------------------

DONT_KNOW = "don't know"


@pytest.mark.parametrize(
    ("said", "headline"),
    [
        ({}, "France has no respondents; agreement needs two"),
        ({"sponsor": {"agreed": 3}}, "France has no respondents; agreement needs two"),
        (everywhere(3), "France has 1 respondent; agreement needs two"),
        (
            everywhere(DONT_KNOW, DONT_KNOW, DONT_KNOW),
            "France: no question has a level from two of 3 respondents",
        ),
        (
            {"sponsor": {"a": 1}, "money": {"b": 5}},
            "France: no question has a level from two of 2 respondents",
        ),
        (
            everywhere(3, 4),
            "France: respondents are at most one level apart on all 4 questions that several answered",
        ),
        (
            {"sponsor": {"a": 3, "b": 3}, "money": {"a": 4, "b": 5}},
            "France: respondents are at most one level apart on all 2 questions that several answered",
        ),
        (
            {"sponsor": {"a": 3, "b": 3}, "money": {"b": 5}},
            "France: respondents are at most one level apart on 1 question that several answered",
        ),
        (
            everywhere(3, 4, owner=(5, 2)),
            "France: respondents are divided on 1 of 4 questions that several answered; "
            "the widest range is 2 to 5, on “How is owner?”",
        ),
        (
            everywhere(3, 1, owner=(5, 1), steward=(1, 5)),
            "France: respondents are divided on 4 of 4 questions that several answered; "
            "the widest range is 1 to 5, on “How is owner?”",
        ),
        (
            {"sponsor": {"a": 1, "b": 3}},
            "France: respondents are divided on 1 of 1 question that several answered; "
            "the widest range is 1 to 3, on “How is sponsor?”",
        ),
    ],
)
def test_the_headline_says_what_is_found_or_what_is_missing(said: Said, headline: str) -> None:
    assert finding(said).headline == headline


def test_names_and_values_stand_in_the_headline_as_they_are() -> None:
    short = asking(USUAL, scale={"minimum": 0, "maximum": 1}, options=[0, 0.25, 1])
    short["dimensions"]["direction"]["questions"]["sponsor"] = {"prompt": "Who {unit} & <b>pays</b>?"}
    questionnaire = Questionnaire.model_validate(written_out(short))
    rows = rows_of({"sponsor": {"a {b}": 0, "<i>": 1}, "money": {"a {b}": 0.25, "<i>": 1}})
    found = agreement(rows, questionnaire, "country", unit_label="{divided} % & Söhne")
    assert found.headline == (
        "{divided} % & Söhne: respondents are divided on 1 of 2 questions that several answered; "
        "the widest range is 0 to 1, on “Who {unit} & <b>pays</b>?”"
    )


# Laws -------------------------------------------------------------------------------------------------

said_by_one = st.sampled_from([1, 2, 3, 4, 5, DONT_KNOW, "not applicable", None])
panels = st.lists(st.tuples(*[said_by_one] * 4), max_size=5)
levels_of_questions = st.lists(st.lists(st.integers(1, 5), max_size=5), max_size=5)


def heard(panel: Sequence[Sequence[Any]], names: Sequence[str] = "abcdef") -> AgreementFinding:
    """Each respondent's answers in the questionnaire's order; None is unanswered."""
    questions = [name for names in USUAL.values() for name in names]
    return finding(
        {
            question: {who: own[place] for who, own in zip(names, panel, strict=False) if own[place]}
            for place, question in enumerate(questions)
        }
    )


@given(panels, st.randoms(use_true_random=False))
def test_it_does_not_matter_who_said_what_or_in_which_order(panel: list[Any], random: Any) -> None:
    assert heard(random.sample(panel, len(panel)), random.sample("abcdef", 6)) == heard(panel)


@given(panels)
def test_a_respondent_who_answered_nothing_changes_nothing(panel: list[Any]) -> None:
    assert heard([(None,) * 4, *panel]) == heard(panel)


@given(panels)
def test_a_respondent_who_knows_nothing_adds_to_dont_know_and_to_no_figure(panel: list[Any]) -> None:
    before, after = heard(panel), heard([*panel, (DONT_KNOW,) * 4])
    assert (after.whole, after.dimensions) == (before.whole, before.dimensions)
    for one, other in zip(before.questions, after.questions, strict=True):
        assert (other.levels, other.r_wg, other.dont_know) == (one.levels, one.r_wg, one.dont_know + 1)


@given(panels)
def test_every_figure_is_a_number_in_its_range_or_missing_with_a_reason(panel: list[Any]) -> None:
    found = heard(panel)
    for entry in found.questions:
        assert (entry.spread is None) == (entry.r_wg is None) == (entry.reason is not None)
        assert entry.spread is None or 0 <= entry.spread <= 4
        assert entry.r_wg is None or -3 <= entry.r_wg <= 1
    for measured in (found.whole, *found.dimensions):
        assert (measured.alpha is None) == (measured.strength is None) == (measured.reason is not None)
        assert measured.alpha is None or measured.alpha <= 1
    assert "nan" not in repr(found).lower()
    assert "None" not in found.headline


@given(st.integers(1, 5), st.integers(2, 6))
def test_perfect_agreement_has_an_r_wg_of_one_and_no_alpha(level: int, voices: int) -> None:
    found = finding(everywhere(*[level] * voices))
    assert {(entry.r_wg, entry.spread) for entry in found.questions} == {(1, 0)}
    assert found.whole.reason is Unmeasured.NO_VARIATION


@given(levels_of_questions)
def test_alpha_is_the_definition_written_out(ratings: list[list[float]]) -> None:
    expected = alpha_pair_by_pair(ratings, ordinal)
    assert ordinal_alpha(ratings) == (None if expected is None else pytest.approx(expected, abs=1e-9))


@given(levels_of_questions)
def test_alpha_depends_on_the_order_of_levels_and_not_on_their_values(ratings: list[list[float]]) -> None:
    assert ordinal_alpha([[level**3 for level in own] for own in ratings]) == ordinal_alpha(ratings)


@given(st.lists(st.integers(1, 5), min_size=2, max_size=6))
def test_alpha_of_a_single_question_is_zero_whatever_is_said(levels: list[float]) -> None:
    assert ordinal_alpha([levels]) == (None if len(set(levels)) == 1 else pytest.approx(0, abs=1e-9))
