"""What the groups of an identity provider give here: rules from the settings, applied at each sign-in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assessment.access import UNIT_KIND_OF, Role
from assessment.errors import GROUP_RULE_INVALID, Problem, SettingsError
from assessment.organisation import Organisation
from assessment.store.people import RoleHeld

#: Stands for a unit's id in the name of a group and in what it gives: one rule for all countries.
_UNIT = "{unit}"


@dataclass(frozen=True, slots=True)
class GroupRule:
    """Whoever is in a group whose name fits has the role; `unit` is an id, or `{unit}` for what the name says."""

    group: re.Pattern[str]
    role: Role
    unit: str = ""

    def given_by(self, group: str) -> RoleHeld | None:
        """The role that this group gives, None when the rule isn't about it."""
        fits = self.group.fullmatch(group)
        if fits is None:
            return None
        unit = fits["unit"] if self.unit == _UNIT else self.unit
        return RoleHeld(self.role, unit or None, by_group=True)


def group_rules(groups: Mapping[str, Sequence[str]]) -> tuple[GroupRule, ...]:
    """The rules that the setting `groups` states: of each group what it gives, as `role` or `role unit`.

    Raises:
        SettingsError: Everything that is no role, together.
    """
    rules: list[GroupRule] = []
    problems: list[Problem] = []
    for group, given in ((group, text) for group, texts in groups.items() for text in texts):
        rule = _rule(group, given)
        if isinstance(rule, GroupRule):
            rules.append(rule)
        else:
            problems.append(GROUP_RULE_INVALID.at("groups", 0, group=group, given=given, rule=rule))
    if problems:
        raise SettingsError(problems)
    return tuple(rules)


def roles_given(
    rules: Iterable[GroupRule], groups: Iterable[str], organisation: Organisation
) -> frozenset[RoleHeld]:
    """What somebody in these groups may be here; a role whose unit isn't here, or was retired, is none."""
    groups = sorted(groups)
    found = (held for rule in rules for group in groups if (held := rule.given_by(group)) is not None)
    return frozenset(held for held in found if _has_its_unit(held, organisation))


def _has_its_unit(held: RoleHeld, organisation: Organisation) -> bool:
    kind = UNIT_KIND_OF.get(held.role)
    if kind is None:
        return True
    unit = organisation.units.get(held.unit_id or "")
    return unit is not None and unit.kind is kind and unit.retired_on is None


def _rule(group: str, given: str) -> GroupRule | str:
    """The rule, or what is wrong with it."""
    name, _, unit = given.strip().partition(" ")
    unit = unit.strip()
    if name not in set(Role):
        return f"the roles are {', '.join(Role)}"
    role = Role(name)
    if (role in UNIT_KIND_OF) is not bool(unit):
        return "this role needs a unit" if role in UNIT_KIND_OF else "this role has no unit"
    if group.count(_UNIT) > 1 or (unit == _UNIT and _UNIT not in group):
        return "{unit} stands in the name of the group, once, for the unit that is meant"
    pattern = re.escape(group).replace(re.escape(_UNIT), r"(?P<unit>\S+)")
    return GroupRule(re.compile(pattern), role, unit)
