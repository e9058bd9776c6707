"""Who may do what to whom, written out a second time by hand: a change of the table has to be made twice."""

from __future__ import annotations

from itertools import product

import pytest

from assessment import access
from assessment.access import (
    Action,
    Principal,
    Role,
    Scope,
    can,
    hidden_units,
    may_ever,
    progress_scope,
    require,
    scope_of,
)
from assessment.errors import NotAllowed
from assessment.organisation import Organisation, Unit, organisation_of
from assessment.questionnaire.models import UnitKind
from assessment.responses import AssessmentState
from assessment.scoring.asked import Asked

#: The units that a role meets, by how they are related to its own. Roles of the group meet one of every kind.
#: The domain's child doesn't occur in practice; it shows that 'own' doesn't reach below. 'none' is the workspace.
RELATIONS = ("own", "child", "sibling", "parent", "foreign", "none", "unknown")
_GROUP = ("ACME", "FR", "DE", "ACME", "DE.sales", None, "XX")
UNITS_OF = {
    "country_leader": ("FR", "FR.sales", "DE", "ACME", "DE.sales", None, "XX"),
    "domain_owner": ("FR.sales", "FR.sales.web", "FR.finance", "FR", "DE.sales", None, "XX"),
    "reviewer": _GROUP,
    "cdao": _GROUP,
    "author": _GROUP,
    "administrator": _GROUP,
}
#                                       own  child  sibling  parent  foreign  none  unknown
MATRIX = """
country_leader  answer                  yes  -      -        -       -        -     -
country_leader  submit                  yes  -      -        -       -        -     -
country_leader  withdraw                yes  -      -        -       -        -     -
country_leader  review                  -    -      -        -       -        -     -
country_leader  see_result              yes  yes    -        -       -        -     -
country_leader  compare                 -    -      -        -       -        -     -
country_leader  export                  yes  yes    -        -       -        -     -
country_leader  see_progress            yes  yes    -        -       -        -     -
country_leader  see_questionnaires      -    -      -        -       -        -     -
country_leader  decide                  -    -      -        -       -        -     -
country_leader  manage                  -    -      -        -       -        -     -
domain_owner    answer                  yes  -      -        -       -        -     -
domain_owner    submit                  yes  -      -        -       -        -     -
domain_owner    withdraw                yes  -      -        -       -        -     -
domain_owner    review                  -    -      -        -       -        -     -
domain_owner    see_result              yes  -      -        -       -        -     -
domain_owner    compare                 -    -      -        -       -        -     -
domain_owner    export                  yes  -      -        -       -        -     -
domain_owner    see_progress            yes  -      -        -       -        -     -
domain_owner    see_questionnaires      -    -      -        -       -        -     -
domain_owner    decide                  -    -      -        -       -        -     -
domain_owner    manage                  -    -      -        -       -        -     -
reviewer        answer                  -    -      -        -       -        -     -
reviewer        submit                  -    -      -        -       -        -     -
reviewer        withdraw                -    -      -        -       -        -     -
reviewer        review                  yes  yes    yes      yes     yes      yes   -
reviewer        see_result              yes  yes    yes      yes     yes      yes   -
reviewer        compare                 -    -      -        -       -        -     -
reviewer        export                  -    -      -        -       -        -     -
reviewer        see_progress            yes  yes    yes      yes     yes      yes   -
reviewer        see_questionnaires      -    -      -        -       -        -     -
reviewer        decide                  -    -      -        -       -        -     -
reviewer        manage                  -    -      -        -       -        -     -
cdao            answer                  -    -      -        -       -        -     -
cdao            submit                  -    -      -        -       -        -     -
cdao            withdraw                -    -      -        -       -        -     -
cdao            review                  -    -      -        -       -        -     -
cdao            see_result              yes  yes    yes      yes     yes      yes   -
cdao            compare                 yes  yes    yes      yes     yes      yes   -
cdao            export                  yes  yes    yes      yes     yes      yes   -
cdao            see_progress            yes  yes    yes      yes     yes      yes   -
cdao            see_questionnaires      -    -      -        -       -        -     -
cdao            decide                  yes  yes    yes      yes     yes      yes   -
cdao            manage                  -    -      -        -       -        -     -
author          answer                  -    -      -        -       -        -     -
author          submit                  -    -      -        -       -        -     -
author          withdraw                -    -      -        -       -        -     -
author          review                  -    -      -        -       -        -     -
author          see_result              -    -      -        -       -        -     -
author          compare                 -    -      -        -       -        -     -
author          export                  -    -      -        -       -        -     -
author          see_progress            -    -      -        -       -        -     -
author          see_questionnaires      yes  yes    yes      yes     yes      yes   -
author          decide                  -    -      -        -       -        -     -
author          manage                  -    -      -        -       -        -     -
administrator   answer                  -    -      -        -       -        -     -
administrator   submit                  -    -      -        -       -        -     -
administrator   withdraw                -    -      -        -       -        -     -
administrator   review                  -    -      -        -       -        -     -
administrator   see_result              -    -      -        -       -        -     -
administrator   compare                 -    -      -        -       -        -     -
administrator   export                  -    -      -        -       -        -     -
administrator   see_progress            yes  yes    yes      yes     yes      yes   -
administrator   see_questionnaires      yes  yes    yes      yes     yes      yes   -
administrator   decide                  -    -      -        -       -        -     -
administrator   manage                  yes  yes    yes      yes     yes      yes   -
"""
ROWS = {(role, action): cells for role, action, *cells in map(str.split, MATRIX.strip().splitlines())}
CASES = [
    pytest.param(Role(role), Action(action), relation, cell == "yes", id=f"{role}-{action}-{relation}")
    for (role, action), cells in ROWS.items()
    for relation, cell in zip(RELATIONS, cells, strict=True)
]
#: Everybody's unit of the right kind, where the role has one.
HOME = {Role.COUNTRY_LEADER: "FR", Role.DOMAIN_OWNER: "FR.sales"}
ALL_UNITS = {"ACME", "FR", "FR.sales", "FR.sales.web", "FR.finance", "DE", "DE.sales"}
#: Of whom a role reads everything, of whom what is finished, and who must have finished first.
SCOPES: dict[Role, tuple[set[str], set[str], str | None]] = {
    Role.COUNTRY_LEADER: ({"FR"}, {"FR.sales", "FR.finance"}, "FR"),
    Role.DOMAIN_OWNER: ({"FR.sales"}, set(), None),
    Role.REVIEWER: (set(), ALL_UNITS, None),
    Role.CDAO: (set(), ALL_UNITS, None),
    Role.AUTHOR: (set(), set(), None),
    Role.ADMINISTRATOR: (set(), set(), None),
}
PROGRESS: dict[Role, set[str]] = {
    Role.COUNTRY_LEADER: {"FR", "FR.sales", "FR.finance"},
    Role.DOMAIN_OWNER: {"FR.sales"},
    Role.REVIEWER: ALL_UNITS,
    Role.CDAO: ALL_UNITS,
    Role.AUTHOR: set(),
    Role.ADMINISTRATOR: ALL_UNITS,
}


@pytest.fixture(scope="module")
def organisation(small_organisation: Organisation) -> Organisation:
    below = Unit("FR.sales.web", "Web", UnitKind.DOMAIN, "FR.sales")
    return organisation_of([*small_organisation.units.values(), below])


def without(organisation: Organisation, *removed: str) -> Organisation:
    return organisation_of(unit for unit in organisation.units.values() if unit.id not in removed)


def principal(role: Role, unit_id: str | None = None) -> Principal:
    return Principal("somebody", role, unit_id or HOME.get(role))


def test_every_role_and_every_action_stands_in_the_matrix_once() -> None:
    assert set(ROWS) == {(str(role), str(action)) for role, action in product(Role, Action)}
    assert len(MATRIX.strip().splitlines()) == len(ROWS)


def test_every_role_has_a_row_in_the_products_own_table() -> None:
    assert set(access.TABLE) == set(Role)


def test_the_matrix_meets_units_of_every_kind(organisation: Organisation) -> None:
    assert set(organisation.units) == ALL_UNITS
    assert {unit for units in UNITS_OF.values() for unit in units} == ALL_UNITS | {None, "XX"}


@pytest.mark.parametrize(("role", "action", "relation", "allowed"), CASES)
def test_a_role_may_do_to_a_unit_what_the_matrix_says(
    organisation: Organisation, role: Role, action: Action, relation: str, allowed: bool
) -> None:
    unit_id = UNITS_OF[role][RELATIONS.index(relation)]
    assert can(principal(role), action, unit_id, organisation) is allowed
    if allowed:
        require(principal(role), action, unit_id, organisation)
    else:
        with pytest.raises(NotAllowed):
            require(principal(role), action, unit_id, organisation)


@pytest.mark.parametrize(("role", "action"), list(product(Role, Action)))
def test_the_navigation_offers_what_a_role_may_do_to_some_unit(role: Role, action: Action) -> None:
    assert may_ever(principal(role), action) is ("yes" in ROWS[role, action])


@pytest.mark.parametrize(("role", "action"), list(product(Role, Action)))
def test_no_unit_that_could_be_guessed_is_within_reach(
    organisation: Organisation, role: Role, action: Action
) -> None:
    for guess in ("", " ", "fr", "FR ", "FR.", ".sales", "*", "%", "None", "FR.sales.web.x"):
        assert not can(principal(role), action, guess, organisation)


def test_forbidden_and_absent_are_told_in_the_same_words(organisation: Organisation) -> None:
    leader = principal(Role.COUNTRY_LEADER)
    said = set()
    for unit_id in ("DE", "XX", "", None):
        with pytest.raises(NotAllowed) as refused:
            require(leader, Action.ANSWER, unit_id, organisation)
        said.add(str(refused.value))
    assert len(said) == 1


@pytest.mark.parametrize(
    ("role", "unit_id"),
    [
        (Role.COUNTRY_LEADER, "FR.sales"), (Role.COUNTRY_LEADER, "ACME"), (Role.COUNTRY_LEADER, "XX"),
        (Role.COUNTRY_LEADER, ""), (Role.COUNTRY_LEADER, None),
        (Role.DOMAIN_OWNER, "FR"), (Role.DOMAIN_OWNER, "ACME"), (Role.DOMAIN_OWNER, "XX"), (Role.DOMAIN_OWNER, ""),
        (Role.DOMAIN_OWNER, None),
    ],
)  # fmt: skip
def test_a_role_with_a_unit_of_another_kind_may_nothing(
    organisation: Organisation, role: Role, unit_id: str | None
) -> None:
    somebody = Principal("somebody", role, unit_id)
    for action, unit in product(Action, [*ALL_UNITS, "", None]):
        assert not can(somebody, action, unit, organisation)
    assert scope_of(somebody, organisation) == Scope()
    assert progress_scope(somebody, organisation) == frozenset()


@pytest.mark.parametrize("role", HOME)
def test_a_removed_unit_ends_the_role(organisation: Organisation, role: Role) -> None:
    """Also over what was below the unit and is still there."""
    left = without(organisation, HOME[role])
    for action, unit in product(Action, [*ALL_UNITS, None]):
        assert not can(principal(role), action, unit, left)
    assert scope_of(principal(role), left) == Scope()
    assert progress_scope(principal(role), left) == frozenset()


@pytest.mark.parametrize("role", [role for role in Role if role not in HOME])
def test_a_role_of_the_group_never_reaches_a_removed_unit(organisation: Organisation, role: Role) -> None:
    left = without(organisation, "FR.finance")
    assert not any(can(principal(role), action, "FR.finance", left) for action in Action)
    assert "FR.finance" not in scope_of(principal(role), left).units | progress_scope(principal(role), left)


@pytest.mark.parametrize("role", Role)
def test_a_role_reads_answers_of_these_units_only(organisation: Organisation, role: Role) -> None:
    own, others, blind_until = SCOPES[role]
    assert scope_of(principal(role), organisation) == Scope(frozenset(own), frozenset(others), blind_until)


@pytest.mark.parametrize("role", Role)
def test_only_who_answers_for_a_unit_reads_its_drafts(organisation: Organisation, role: Role) -> None:
    answers_for = {unit for unit in ALL_UNITS if can(principal(role), Action.ANSWER, unit, organisation)}
    assert scope_of(principal(role), organisation).own == answers_for


def test_a_lead_without_domains_waits_for_nobody(organisation: Organisation) -> None:
    alone = without(organisation, "FR.sales", "FR.sales.web", "FR.finance")
    assert scope_of(principal(Role.COUNTRY_LEADER), alone) == Scope(frozenset({"FR"}))


@pytest.mark.parametrize("role", Role)
def test_a_role_sees_how_far_these_units_are(organisation: Organisation, role: Role) -> None:
    assert progress_scope(principal(role), organisation) == PROGRESS[role]


def test_a_role_without_a_row_may_nothing(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "TABLE", {})
    for role, action, unit in product(Role, Action, [*ALL_UNITS, None]):
        assert not can(principal(role), action, unit, organisation)
        assert not may_ever(principal(role), action)
        assert scope_of(principal(role), organisation) == Scope()


HIDING = Scope(own=frozenset({"FR"}), others=frozenset({"FR.sales"}), blind_until="FR")
_OWN, _BELOW = "draft submitted", "draft returned submitted accepted closed"


@pytest.mark.parametrize(("own", "below"), [*product(_OWN.split(), _BELOW.split())])
def test_a_leads_domain_is_hidden_until_both_have_sent_the_same_assessment(own: str, below: str):
    asked = [
        Asked("r", "FR", "governance", "1.0.0", AssessmentState(own)),
        Asked("r", "FR.sales", "governance", "1.0.0", AssessmentState(below)),
    ]
    is_hidden = own == "draft" or below in ("draft", "returned")
    assert hidden_units(HIDING, asked) == (frozenset({"FR.sales"}) if is_hidden else frozenset())


def test_nothing_is_hidden_by_another_round_or_questionnaire_nor_of_units_out_of_the_scope():
    sent, draft = AssessmentState.SUBMITTED, AssessmentState.DRAFT
    asked = [
        Asked("other", "FR", "governance", "1.0.0", draft),
        Asked("r", "FR", "platform", "1.0.0", draft),
        Asked("r", "FR.sales", "governance", "1.0.0", sent),
        Asked("r", "DE", "governance", "1.0.0", draft),
    ]
    assert hidden_units(HIDING, asked) == frozenset()
