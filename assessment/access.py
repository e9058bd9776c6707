"""Who may do what to whom: one table, no input or output. Checked in actions and reads, never in pages alone."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from assessment.errors import NOT_HERE, NotAllowed
from assessment.organisation import Organisation
from assessment.questionnaire.models import UnitKind
from assessment.responses import FINISHED
from assessment.scoring.asked import Asked


class Role(StrEnum):
    COUNTRY_LEADER = "country_leader"
    DOMAIN_OWNER = "domain_owner"
    REVIEWER = "reviewer"
    CDAO = "cdao"
    AUTHOR = "author"
    ADMINISTRATOR = "administrator"


class Action(StrEnum):
    """Everything that a person can intend; an action without a row in the table is allowed to nobody."""

    ANSWER = "answer"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    REVIEW = "review"
    SEE_RESULT = "see_result"
    COMPARE = "compare"
    EXPORT = "export"
    SEE_PROGRESS = "see_progress"
    SEE_QUESTIONNAIRES = "see_questionnaires"
    DECIDE = "decide"
    MANAGE = "manage"


class Reach(StrEnum):
    """On which units a role may act."""

    OWN = "own"
    OWN_AND_BELOW = "own_and_below"
    ALL = "all"


#: The whole of it. A pair that isn't here is refused.
TABLE: Mapping[Role, Mapping[Action, Reach]] = {
    Role.COUNTRY_LEADER: {
        Action.ANSWER: Reach.OWN,
        Action.SUBMIT: Reach.OWN,
        Action.WITHDRAW: Reach.OWN,
        Action.SEE_RESULT: Reach.OWN_AND_BELOW,
        Action.EXPORT: Reach.OWN_AND_BELOW,
        Action.SEE_PROGRESS: Reach.OWN_AND_BELOW,
    },
    Role.DOMAIN_OWNER: {
        Action.ANSWER: Reach.OWN,
        Action.SUBMIT: Reach.OWN,
        Action.WITHDRAW: Reach.OWN,
        Action.SEE_RESULT: Reach.OWN,
        Action.EXPORT: Reach.OWN,
        Action.SEE_PROGRESS: Reach.OWN,
    },
    Role.REVIEWER: {
        Action.REVIEW: Reach.ALL,
        Action.SEE_RESULT: Reach.ALL,
        Action.SEE_PROGRESS: Reach.ALL,
    },
    Role.CDAO: {
        Action.SEE_RESULT: Reach.ALL,
        Action.COMPARE: Reach.ALL,
        Action.DECIDE: Reach.ALL,
        Action.EXPORT: Reach.ALL,
        Action.SEE_PROGRESS: Reach.ALL,
    },
    Role.AUTHOR: {Action.SEE_QUESTIONNAIRES: Reach.ALL},
    Role.ADMINISTRATOR: {
        Action.MANAGE: Reach.ALL,
        Action.SEE_PROGRESS: Reach.ALL,
        Action.SEE_QUESTIONNAIRES: Reach.ALL,
    },
}

#: The kind of unit that a role belongs to; roles without one belong to the group.
UNIT_KIND_OF: Mapping[Role, UnitKind] = {
    Role.COUNTRY_LEADER: UnitKind.COUNTRY,
    Role.DOMAIN_OWNER: UnitKind.DOMAIN,
}


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who is here: a person in one role, for one unit where the role has one."""

    person: str
    role: Role
    unit_id: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose data a read may return.

    `own` units are read whole, drafts included. Of `others`, answers and scores are read only when the assessment
    is finished; that it exists and how far it is may always be seen. `blind_until` names a unit that must have
    finished the same assessment first: lead and domains see each other's answers only after both submitted.
    """

    own: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    blind_until: str | None = None

    @property
    def units(self) -> frozenset[str]:
        return self.own | self.others


def can(principal: Principal, action: Action, unit_id: str | None, organisation: Organisation) -> bool:
    """Whether the principal may do `action` to the unit (None: to the workspace as a whole)."""
    reach = TABLE.get(principal.role, {}).get(action)
    if reach is None or not _belongs(principal, organisation):
        return False
    if reach is Reach.ALL:
        return unit_id is None or unit_id in organisation.units
    return unit_id is not None and unit_id in _reached(principal, reach, organisation)


def require(principal: Principal, action: Action, unit_id: str | None, organisation: Organisation) -> None:
    """Nothing, when the principal may.

    Raises:
        NotAllowed: Otherwise; the same words for what is forbidden and for what doesn't exist.
    """
    if not can(principal, action, unit_id, organisation):
        raise NotAllowed(NOT_HERE)


def may_help(principal: Principal, asked_unit: str | None, unit_id: str, organisation: Organisation) -> bool:
    """Whether the principal may answer a question of `unit_id` because `asked_unit` was asked to.

    Only a domain's owner, for the domain's own country, and only what was asked: nothing else of the country.
    """
    unit = organisation.units.get(asked_unit or "")
    is_asked = principal.role is Role.DOMAIN_OWNER and principal.unit_id == asked_unit
    return is_asked and unit is not None and unit.parent_id == unit_id and not unit.retired_on


def may_judge(principal: Principal, worked_on_by: Container[str]) -> bool:
    """Whether the principal may review an assessment on which these people worked: nobody judges their own, in whatever role."""
    return principal.person not in worked_on_by


def may_ever(principal: Principal, action: Action) -> bool:
    """Whether the role has the action for any unit at all: what to offer in the navigation."""
    return action in TABLE.get(principal.role, {})


def scope_of(principal: Principal, organisation: Organisation) -> Scope:
    """Whose assessments the principal may read; nobody's for roles that neither answer nor see results."""
    table = TABLE.get(principal.role, {})
    if not _belongs(principal, organisation):
        return Scope()
    answers = table.get(Action.ANSWER)
    sees = table.get(Action.SEE_RESULT)
    own = _reached(principal, answers, organisation) if answers else frozenset()
    seen = _reached(principal, sees, organisation) if sees else frozenset()
    blind = principal.unit_id if own and seen - own else None
    return Scope(own, seen - own, blind)


def progress_scope(principal: Principal, organisation: Organisation) -> frozenset[str]:
    """The units whose progress (not answers) the principal may see."""
    reach = TABLE.get(principal.role, {}).get(Action.SEE_PROGRESS)
    return (
        _reached(principal, reach, organisation)
        if reach and _belongs(principal, organisation)
        else frozenset()
    )


def hidden_units(scope: Scope, asked: Iterable[Asked]) -> frozenset[str]:
    """Which units of the scope have assessments among these whose answers it may not read yet.

    For what stands on a page: that something is unknown to its reader, and not to everybody. What a read gives is
    decided by the read.
    """
    found = list(asked)
    unfinished = {
        (entry.round_id, entry.unit_id, entry.questionnaire_id)
        for entry in found
        if entry.state not in FINISHED
    }
    return frozenset(
        entry.unit_id
        for entry in found
        if entry.unit_id in scope.others
        and (
            entry.state not in FINISHED
            or (entry.round_id, scope.blind_until, entry.questionnaire_id) in unfinished
        )
    )


def _belongs(principal: Principal, organisation: Organisation) -> bool:
    """A role that has a unit needs one, of its kind, that exists; a removed unit ends the role."""
    kind = UNIT_KIND_OF.get(principal.role)
    if kind is None:
        return True
    unit = organisation.units.get(principal.unit_id or "")
    return unit is not None and unit.kind is kind


def _reached(principal: Principal, reach: Reach, organisation: Organisation) -> frozenset[str]:
    if reach is Reach.ALL:
        return frozenset(organisation.units)
    own = frozenset({principal.unit_id}) if principal.unit_id else frozenset()
    if reach is Reach.OWN:
        return own
    return own | {child.id for unit in own for child in organisation.children(unit)}
