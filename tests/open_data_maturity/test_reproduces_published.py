"""Somebody else's answers give somebody else's published sums, from files, through the command line.

The EU's Open Data Maturity 2023 (35 countries, 161 questions, CC BY 4.0, data.europa.eu) stays outside the repository, in
`../shared/data`, or where OPEN_DATA_MATURITY_FOLDER says. `handmade/` has the same form and is always there.
"""

from __future__ import annotations

import math
import os
from pathlib import Path

import pytest

from tests.open_data_maturity.convert import (
    Framework,
    as_published,
    node_id,
    question_id,
    read_framework,
    turned_round,
)
from tests.open_data_maturity.running import REPOSITORY, scores_of_frameworks

#: Points by questionnaire, country and node; '' is the whole.
Points = dict[tuple[str, str, str], float]
AS_KEYED, BY_ITEM, TURNED, PUBLISHED = "as-keyed", "by-item", "turned-round", "as-published"


def _points(framework: Framework, folder: Path) -> Points:
    """What the command line makes of the framework in all its forms, as points."""
    forms = {
        AS_KEYED: (framework, False),
        BY_ITEM: (framework, True),
        PUBLISHED: (as_published(framework), False),
    }
    if "113" in framework.maxima:
        forms[TURNED] = (turned_round(framework, "113"), True)
    rows = scores_of_frameworks(forms, folder)
    nodes = framework.nodes() | {f"item-{question_id(name)}": (name,) for name in framework.maxima}
    maxima = {node: sum(framework.maxima[name] for name in names) for node, names in nodes.items()}
    points: Points = {}
    for row in rows:
        # A node where nothing at all was chosen has no score; the framework gives it no points.
        share = 0.0 if row["status"] == "not_answered" else float(row["score"])
        key = row["questionnaire_id"], row["unit_id"], row["dimension_id"]
        assert key not in points
        points[key] = share * maxima[row["dimension_id"]]
    return points


def _sums(framework: Framework, form: str, column: str) -> Points:
    """The sums of a column of the items, by country and node."""
    by_item = {(item.country, item.question): getattr(item, column) for item in framework.items}
    countries = {item.country for item in framework.items}
    return {
        (form, country, node): sum(by_item[country, name] for name in names)
        for country in countries
        for node, names in framework.nodes().items()
    }


def _of_form(points: Points, form: str) -> Points:
    return {key: value for key, value in points.items() if key[0] == form and not key[2].startswith("item-")}


def _items_as_published(framework: Framework, points: Points, form: str) -> list[tuple[str, str]]:
    """The countries and questions whose points by the key are those that were published."""
    return [
        (item.country, item.question)
        for item in framework.items
        if math.isclose(
            points[form, item.country, f"item-{question_id(item.question)}"], item.published, abs_tol=1e-9
        )
    ]


@pytest.fixture(scope="module")
def odm() -> Framework:
    elsewhere = os.environ.get("OPEN_DATA_MATURITY_FOLDER")
    folder = (Path(elsewhere) if elsewhere else REPOSITORY.parent / "shared" / "data") / "odm2023"
    if not folder.is_dir():
        pytest.skip(f"Open Data Maturity 2023 is not reproduced: its published data are not in {folder}.")
    return read_framework(folder / "odm2023_items_long.csv", folder / "odm2023_scoring_key.json")


@pytest.fixture(scope="module")
def odm_points(odm, tmp_path_factory) -> Points:
    return _points(odm, tmp_path_factory.mktemp("odm"))


def test_every_sum_by_the_key_of_open_data_maturity_is_reproduced(odm, odm_points):
    expected = _sums(odm, AS_KEYED, "by_key")
    assert len(expected) == 35 * (17 + 4 + 1)
    assert _of_form(odm_points, AS_KEYED) == pytest.approx(expected, rel=0, abs=1e-9)


def test_a_level_of_one_question_nodes_changes_no_sum_of_open_data_maturity(odm, odm_points):
    assert _of_form(odm_points, BY_ITEM) == pytest.approx(_sums(odm, BY_ITEM, "by_key"), rel=0, abs=1e-9)


def test_every_published_sum_of_open_data_maturity_is_reproduced_from_its_published_items(odm, odm_points):
    expected = _sums(odm, PUBLISHED, "published")
    assert _of_form(odm_points, PUBLISHED) == pytest.approx(expected, rel=0, abs=1e-9)


def test_all_but_22_published_items_follow_from_the_answers(odm, odm_points):
    same = set(_items_as_published(odm, odm_points, BY_ITEM))
    assert (len(same), len(odm.items)) == (5_613, 5_635)
    different = [item for item in odm.items if (item.country, item.question) not in same]
    assert sorted({item.question for item in different}) == ["10a", "113"]
    assert [item.country for item in different if item.question == "10a"] == ["AL"]


def test_all_but_one_published_item_follow_from_the_answers_with_question_113_turned_round(odm, odm_points):
    same = _items_as_published(odm, odm_points, TURNED)
    assert len(same) == 5_634
    assert ("AL", "10a") not in same


def test_the_published_maxima_of_open_data_maturity_are_2540_points(odm):
    maxima = {name: sum(odm.maxima[question] for question in odm.questions(name)) for name in odm.dimensions}
    assert maxima == {"Dim1": 640, "Dim2": 600, "Dim3": 650, "Dim4": 650}


@pytest.fixture(scope="module")
def handmade() -> Framework:
    folder = Path(__file__).parent / "handmade"
    return read_framework(folder / "items_long.csv", folder / "scoring_key.json")


@pytest.fixture(scope="module")
def handmade_points(handmade, tmp_path_factory) -> Points:
    return _points(handmade, tmp_path_factory.mktemp("handmade"))


def test_the_handmade_sums_are_reproduced(handmade, handmade_points):
    by_hand: dict[str, dict[str, float]] = {
        "NA": {"ind1-1": 35, "ind1-2": 20, "dim1": 55, "ind2-1": 20, "dim2": 20, "": 75},
        "WO": {"ind1-1": 15, "ind1-2": 10, "dim1": 25, "ind2-1": 0, "dim2": 0, "": 25},
    }
    expected = {
        (AS_KEYED, country, node): points
        for country, nodes in by_hand.items()
        for node, points in nodes.items()
    }
    assert _sums(handmade, AS_KEYED, "by_key") == pytest.approx(expected, abs=1e-9)
    for form in (AS_KEYED, BY_ITEM, PUBLISHED):
        expected = _sums(handmade, form, "published")
        assert _of_form(handmade_points, form) == pytest.approx(expected, rel=0, abs=1e-9)


def test_every_handmade_item_has_its_points(handmade, handmade_points):
    assert len(_items_as_published(handmade, handmade_points, BY_ITEM)) == 12


def test_ids_are_made_of_the_names_that_the_framework_has():
    assert (node_id("Ind2_3a"), question_id("10A")) == ("ind2-3a", "q10a")
