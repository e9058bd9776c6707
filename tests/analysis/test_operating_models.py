"""How many units work in which way: every unit once, no class ranked, and one sentence."""

from __future__ import annotations

from typing import Any

import pytest

from assessment.analysis.operating_models import ModelOverview, model_overview, operating_models
from tests.analysis.judging import Case, rules
from tests.analysis.rounds import findings_of

MODEL = rules().operating_model
#: Levels of one domain that make each class clearly; governance and rules that machines check come from the country.
MESH = dict.fromkeys(
    [
        "dor-producer-owner",
        "dor-central-dependency",
        "dor-contracts",
        "spr-publish-unaided",
        "dgm-federated-forum",
    ],
    5,
)
UNKNOWN = {"dor-producer-owner": "don't know"}


def overview_of(everything: object, of_domains: bool = True, **domains: dict[str, Any]) -> ModelOverview:
    case: Case = {
        "units": {"FR": list(domains)}, "everything": everything,
        "answers": {f"FR.{name}": answers for name, answers in domains.items()},
    }  # fmt: skip
    found = operating_models(findings_of(case), MODEL)
    wanted = [unit for unit in found if ("." in unit) == of_domains]
    return model_overview(found, MODEL, wanted, of_domains=of_domains)


def test_classes_stand_from_centralised_to_mesh_and_what_cannot_be_told_last() -> None:
    overview = overview_of(5, a={}, b=UNKNOWN)
    ids = [line.model.id if line.model else None for line in overview.lines]
    assert ids == [
        "centralised",
        "centralised-governed",
        "decentralised",
        "hub-and-spoke",
        "federated",
        "mesh",
        None,
    ]
    assert overview.lines[-1].clear == ("FR.b",)
    assert overview.lines[-2].clear == ("FR.a",)


def test_without_an_unknown_unit_there_is_no_line_for_it() -> None:
    assert all(line.model for line in overview_of(5, a={}).lines)


def test_a_unit_between_two_classes_is_told_apart_from_one_that_is_clearly_in_it() -> None:
    overview = overview_of(5, clear={}, between={"dor-producer-owner": 4})
    mesh = next(line for line in overview.lines if line.model and line.model.id == "mesh")
    assert (mesh.clear, mesh.borderline) == (("FR.clear",), ("FR.between",))
    assert (overview.units, overview.known) == (2, 2)


@pytest.mark.parametrize(
    ("domains", "headline"),
    [
        ({"a": {}, "b": {}, "c": {"dor-producer-owner": 1, "dor-central-dependency": 1}}, "“Domains own and run, under shared rules that machines check”: 2 of 3 domains"),
        (
            {"a": {}, "b": {"dor-producer-owner": 1, "dor-central-dependency": 1}},
            "“Central, with governance in place” and “Domains own and run, under shared rules that machines check”: 1 of 2"
            " domains each",
        ),
        (
            {"a": {"dor-producer-owner": 4}, "b": UNKNOWN},
            "“Domains own and run, under shared rules that machines check”: 1 of 2 domains; 1 one level in one answer from"
            " another way; 1 can't be told",
        ),
        ({"a": UNKNOWN}, "How they work can't be told for any of 1 domain: inputs have no level"),
        ({}, "None of these units was asked in this round"),
    ],
)  # fmt: skip
def test_the_headline_counts_the_commonest_way_or_says_why_nobody_can_tell(
    domains: dict[str, dict[str, Any]], headline: str
) -> None:
    assert overview_of(5, True, **domains).headline == headline


def test_no_headline_ranks_a_class() -> None:
    told = overview_of(5, a={}, b={"dor-central-dependency": 1}).headline
    assert not any(word in told.lower() for word in ("best", "better", "worse", "behind", "ahead", "only"))


def test_a_countrys_model_comes_from_its_own_and_its_domains_median_answers() -> None:
    overview = overview_of(5, of_domains=False, a={})
    assert (
        overview.headline == "“Domains own and run, under shared rules that machines check”: 1 of 1 country"
    )
