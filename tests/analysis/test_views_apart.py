"""Lead against domains over all countries: the widest gap of each, the reason where there is none, one sentence."""

from __future__ import annotations

from typing import Any

import pytest

from assessment.analysis.perception import Perceived
from assessment.analysis.views_apart import MOST_ROWS, Views, of_one_country, reasons, widest_of_each
from tests.analysis.judging import Case
from tests.analysis.rounds import findings_of

SPONSOR, OWNERS = "dgm-exec-sponsor", "dgm-owner-named"
TITLES = {SPONSOR: "Sponsor", OWNERS: "Owners"}
DOMAINS = ["a", "b", "c"]


def views_of(everything: object = 3, domains: int = 3, **answers: dict[str, Any]) -> Views:
    """Each country with its lead's answers; its domains answer `everything`."""
    case: Case = {
        "units": dict.fromkeys(answers, DOMAINS[:domains]), "everything": everything, "answers": answers,
    }  # fmt: skip
    found = findings_of(case).views
    return widest_of_each(found, {country: country for country in found}, TITLES)


def test_each_country_has_one_line_the_widest_gap_first_and_those_without_one_last() -> None:
    views = views_of(
        FR={SPONSOR: 5}, DE={SPONSOR: 2, OWNERS: 4}, ES={}, IT=dict.fromkeys(TITLES, "unanswered")
    )
    assert views.rows[0].label == "FR: Sponsor"
    gaps = [row.finding.gap for row in views.rows if row.finding and row.finding.gap is not None]
    assert [abs(gap) for gap in gaps] == [2, 1, 0, 0]


@pytest.mark.parametrize(
    ("options", "why"),
    [({"everything": "unanswered"}, Perceived.UNKNOWN), ({"domains": 2}, Perceived.TOO_FEW)],
)
def test_a_country_without_a_comparison_says_why(options: dict[str, Any], why: Perceived) -> None:
    (row,) = views_of(FR={}, **options).rows
    assert (row.label, row.finding, row.why) == ("FR", None, why)


@pytest.mark.parametrize(
    ("options", "answers", "headline"),
    [
        (
            {}, {"FR": {SPONSOR: 5}, "DE": {OWNERS: 2}, "ES": {}},
            "Lead and domains see things apart in 2 of 3 countries, far apart in 1; widest: FR: Sponsor, where the lead is 2.0"
            " levels higher",
        ),
        ({}, {"FR": {OWNERS: 1}}, "Lead and domains see things apart in 1 of 1 country, far apart in 1; widest: FR: Owners, where the lead is 2.0 levels lower"),
        ({}, {"FR": {}, "DE": {}}, "Lead and domains agree wherever they can be compared: 2 of 2 countries"),
        ({"domains": 2}, {"FR": {}}, "Lead and domains can't be compared yet in any of 1 country"),
    ],
)  # fmt: skip
def test_the_headline_says_where_they_are_apart_or_why_nobody_can_tell(
    options: dict[str, Any], answers: dict[str, Any], headline: str
) -> None:
    assert views_of(**options, **answers).headline == headline


def test_governance_that_domains_do_not_know_of_is_listed_and_counted() -> None:
    unseen = {"a": {SPONSOR: "don't know"}}
    case: Case = {
        "units": {"FR": DOMAINS}, "everything": 3,
        "answers": {f"FR.{name}": answers for name, answers in unseen.items()},
    }  # fmt: skip
    found = findings_of(case).views
    views = widest_of_each(found, {"FR": "France"}, TITLES)
    assert [(entry.question_id, entry.dont_know, entry.asked) for entry in views.invisible] == [
        (SPONSOR, 1, 3)
    ]
    assert views.headline.endswith("; 1 question of claimed governance unknown to domains")


def test_one_country_shows_its_widest_gaps_and_counts_what_cannot_be_compared() -> None:
    case: Case = {
        "units": {"FR": DOMAINS},
        "everything": 3,
        "answers": {"FR": {SPONSOR: 5, OWNERS: "unanswered"}},
    }
    found = findings_of(case).views["FR"]
    views = of_one_country(found, TITLES, "A sentence")
    assert (len(views.rows), views.rows[0].label, views.headline) == (MOST_ROWS, "Sponsor", "A sentence")
    assert reasons(found) == {Perceived.UNKNOWN: 1}


def test_without_any_country_it_says_so() -> None:
    assert widest_of_each({}, {"A": "Austria"}, TITLES).headline == "No country was asked in this round"
