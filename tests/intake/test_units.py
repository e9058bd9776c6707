from __future__ import annotations

from collections.abc import Callable

import pytest

from assessment import errors
from assessment.errors import Message, Problem
from assessment.intake.units import MAX_GROUP_DEPTH, namesakes, read_units
from assessment.organisation import Organisation, Unit
from assessment.questionnaire.models import UnitKind

Refused = Callable[[Callable[[], object]], tuple[Problem, ...]]

HEADER = "unit_id,name,kind,parent_id,country_iso3,domain_family"


def read(*lines: str) -> Organisation:
    return read_units("\n".join([HEADER, *lines]).encode(), "u.csv")


def found(message: Message, line: int, **values: object) -> Problem:
    return message.at("u.csv", line, **values)


def test_units_come_as_a_tree() -> None:
    organisation = read(
        "FR.sales,Sales,domain,FR,,sales",
        "ACME,Acme,group,,,",
        "FR,France,Country,ACME,FRA,",
        "XX,Elsewhere,country,,,",
    )
    assert organisation.units["FR"] == Unit("FR", "France", UnitKind.COUNTRY, "ACME", "FRA", "")
    assert organisation.domains("FR") == (Unit("FR.sales", "Sales", UnitKind.DOMAIN, "FR", "", "sales"),)
    assert organisation.units["XX"].parent_id is None
    assert organisation.group_name == "Acme"


def test_the_last_three_columns_may_be_missing() -> None:
    organisation = read_units(b"unit_id;name;kind\nFR;France;country\n", "u.csv")
    assert list(organisation.units) == ["FR"]


def test_groups_may_stand_in_groups() -> None:
    organisation = read("EMEA,EMEA,group,ACME,,", "ACME,Acme,group,,,", "FR,France,country,EMEA,FRA,")
    assert list(organisation.units) == ["ACME", "EMEA", "FR"]


@pytest.mark.parametrize("name", ["Côte d’Ivoire 🇨🇮", "日本", "=1+1", "<b>x</b>", "x" * 300, "Family 👨‍👩‍👧"])
def test_a_name_is_any_text(name: str) -> None:
    assert read(f"FR,{name},country,,,").units["FR"].name == name


def test_a_file_with_many_different_mistakes_names_each_by_line_and_nothing_else(refused: Refused) -> None:
    problems = refused(
        lambda: read(
            "ACME,Acme,group,,,",
            "Other,Other,group,,,",
            "FR,France,country,ACME,fra,",
            ",Nameless,country,ACME,,",
            "DE,,country,ACME,DEU,",
            "IT,Italy,nation,ACME,ITA,",
            "ES,Spain,,ACME,ESP,",
            "Ü,Odd id,country,ACME,,",
            f"{'x' * 61},Long id,country,ACME,,",
            f"PT,{'x' * 301},country,ACME,PRT,",
            'NL,"Nether\nlands",country,ACME,NLD,"a\x07b"',
            "FR.hr,HR,domain,,,hr",
            "FR.it,IT,domain,ACME,,it",
            "FR.legal,Legal,domain,FRA,,legal",
            "FR,France again,country,ACME,FRA,",
            "BE,Belgium,country,FR,BEL,",
            "CH,Switzerland",
            "FR.ops,Ops,domain,FR,,ops",
        )
    )
    id_rule = "an id has 1 to 60 letters (A to Z), digits, dots, underscores and hyphens"
    line_rule = "remove line breaks and control characters"
    group = "a group or empty"
    assert list(problems) == [
        found(errors.ROOT_TWICE, 3, unit="Other", first=2),
        found(
            errors.CELL_FORM, 4, column="country_iso3", value="fra",
            rule="a country code is three capitals, like FRA (ISO 3166), or empty",
        ),
        found(errors.CELL_EMPTY, 5, column="unit_id"),
        found(errors.CELL_EMPTY, 6, column="name"),
        found(
            errors.CELL_CHOICE, 7, column="kind", value="nation", allowed="group, country, domain", suggestion=""
        ),
        found(errors.CELL_EMPTY, 8, column="kind"),
        found(errors.CELL_FORM, 9, column="unit_id", value="Ü", rule=id_rule),
        found(errors.CELL_FORM, 10, column="unit_id", value="x" * 61, rule=id_rule),
        found(
            errors.CELL_FORM, 11, column="name", value="x" * 79 + "…", rule="a name has at most 300 characters"
        ),
        found(errors.CELL_FORM, 12, column="name", value=r"Nether\nlands", rule=line_rule),
        found(errors.CELL_FORM, 12, column="domain_family", value=r"a\x07b", rule=line_rule),
        found(errors.PARENT_INVALID, 14, unit="FR.hr", kind="domain", rule="a country", found="empty"),
        found(errors.PARENT_INVALID, 15, unit="FR.it", kind="domain", rule="a country", found="the group 'ACME'"),
        found(
            errors.CELL_UNKNOWN, 16, column="parent_id", value="FRA", where="this file",
            suggestion=" Did you mean 'FR'?",
        ),
        found(errors.ROW_TWICE, 17, what="unit 'FR'", first=4),
        found(errors.PARENT_INVALID, 18, unit="BE", kind="country", rule=group, found="the country 'FR'"),
        found(errors.ROW_LENGTH, 19, found=2, expected=6, separator=","),
    ]  # fmt: skip


def test_a_circle_of_groups_is_named_once(refused: Refused) -> None:
    problems = refused(
        lambda: read(
            "A,A,group,B,,", "B,B,group,C,,", "C,C,group,B,,", "Z,Z,group,Z,,", "FR,France,country,A,,"
        )
    )
    assert list(problems) == [
        found(errors.PARENT_CYCLE, 3, circle="B → C → B"),
        found(errors.PARENT_CYCLE, 5, circle="Z → Z"),
    ]


def test_a_circle_of_countries_is_a_wrong_parent(refused: Refused) -> None:
    problems = refused(lambda: read("FR,France,country,DE,,", "DE,Germany,country,FR,,"))
    assert [problem.code for problem in problems] == [errors.PARENT_INVALID.code] * 2


def test_a_tree_is_only_so_deep_that_walking_it_is_safe(refused: Refused) -> None:
    def chain(groups: int) -> list[str]:
        return [f"G{i},G,group,{f'G{i - 1}' if i else ''},," for i in range(groups)]

    assert len(read(*chain(MAX_GROUP_DEPTH)).units) == MAX_GROUP_DEPTH
    assert refused(lambda: read(*chain(5_000))) == (
        found(errors.TREE_TOO_DEEP, MAX_GROUP_DEPTH + 2, unit=f"G{MAX_GROUP_DEPTH}", limit=MAX_GROUP_DEPTH),
    )


def test_no_units_are_an_organisation_too() -> None:
    assert not read().units


def test_new_units_with_names_that_are_here_already_are_found() -> None:
    known = read("ACME,Acme,group,,,", "FR,France,country,ACME,FRA,", "FR.sales,Sales,domain,FR,,sales")
    brought = read(
        "ACME,Acme,group,,,", "FR,France,country,ACME,FRA,", "FR.sales,Sales,domain,FR,,sales",
        "FRANCE,france,country,ACME,,", "DE,Germany,country,ACME,,", "DE.sales,Sales,domain,DE,,sales",
        "FR.s2,SALES,domain,FR,,sales",
    )  # fmt: skip
    found = {(unit.id, other.id) for unit, other in namesakes(brought, known)}
    assert found == {("FRANCE", "FR"), ("FR.s2", "FR.sales")}
