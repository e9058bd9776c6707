"""What groups of an identity provider give: rules as the settings state them."""

from __future__ import annotations

import pytest

from assessment.access import Role
from assessment.actions.group_roles import group_rules, roles_given
from assessment.errors import GROUP_RULE_INVALID, SettingsError
from assessment.organisation import Organisation
from assessment.store.people import RoleHeld

RULES = {
    "mesh-offices": ["cdao", "reviewer"],
    "lead-{unit}": ["country_leader {unit}"],
    "owner-{unit}-team": ["domain_owner {unit}"],
    "paris": ["country_leader FR"],
    "a+b (c)": ["author"],
}


def given(organisation: Organisation, *groups: str) -> set[tuple[str, str | None]]:
    found = roles_given(group_rules(RULES), groups, organisation)
    assert all(held.by_group and not held.is_deputy for held in found)
    return {(str(held.role), held.unit_id) for held in found}


def test_a_group_gives_all_that_its_rule_names(small_organisation: Organisation) -> None:
    assert given(small_organisation, "mesh-offices") == {("cdao", None), ("reviewer", None)}
    assert given(small_organisation, "paris", "lead-DE") == {
        ("country_leader", "FR"), ("country_leader", "DE"),
    }  # fmt: skip
    assert given(small_organisation, "owner-FR.sales-team") == {("domain_owner", "FR.sales")}


def test_a_name_is_no_pattern_and_has_to_be_met_whole(small_organisation: Organisation) -> None:
    assert given(small_organisation, "a+b (c)") == {("author", None)}
    nearly = ("aab (c)", "xparis", "parisx", "Paris", "lead-", "lead-F R", "", "lead-FR\n")
    assert given(small_organisation, *nearly) == set()


def test_two_groups_that_give_the_same_give_it_once(small_organisation: Organisation) -> None:
    rules = group_rules({"paris": ["country_leader FR"], "lead-{unit}": ["country_leader {unit}"]})
    found = roles_given(rules, ["paris", "lead-FR"], small_organisation)
    assert found == {RoleHeld(Role.COUNTRY_LEADER, "FR", by_group=True)}


@pytest.mark.parametrize("group", ["lead-XX", "lead-FR.sales", "lead-ACME", "owner-FR-team"])
def test_a_role_without_its_unit_is_none(small_organisation: Organisation, group: str) -> None:
    assert given(small_organisation, group) == set()


@pytest.mark.parametrize(
    ("group", "text", "rule"),
    [
        ("g", "king", "the roles are"),
        ("g", "", "the roles are"),
        ("g", "country_leader", "needs a unit"),
        ("g", "cdao FR", "has no unit"),
        ("g", "country_leader {unit}", "stands in the name"),
        ("{unit}-{unit}", "country_leader {unit}", "once"),
    ],
)
def test_what_is_no_role_is_refused_with_what_would_be_one(group: str, text: str, rule: str) -> None:
    with pytest.raises(SettingsError) as refused:
        group_rules({group: [text], "fine": ["author"]})
    (problem,) = refused.value.problems
    assert problem.code == GROUP_RULE_INVALID.code
    assert rule in str(problem)


def test_everything_that_is_no_role_is_told_at_once() -> None:
    with pytest.raises(SettingsError) as refused:
        group_rules({"one": ["king", "queen"], "two": ["cdao FR"]})
    assert len(refused.value.problems) == 3
