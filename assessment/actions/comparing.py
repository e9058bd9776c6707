"""How others stand, for those who may not see others: quartiles of a fixed group, never a name or a single score.

The group is all countries, or all twins of a domain; nobody can choose a smaller one. Only accepted assessments count,
so that nobody is judged by somebody's draft.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import pandas as pd

from assessment.access import Action, require
from assessment.actions.desk import Desk
from assessment.actions.refusals import watched
from assessment.analysis.peers import QuartilesOf, quartiles_of
from assessment.organisation import Organisation, Unit
from assessment.questionnaire.models import UnitKind
from assessment.scoring.table import Basis, ScoringInput, score_table
from assessment.store.engine import Connection
from assessment.store.organisation import read_organisation
from assessment.store.scoring_input import read_accepted


class Group(StrEnum):
    """Whom a unit is compared with."""

    COUNTRIES = "countries"
    TWINS = "twins"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Others:
    """The others' quartiles in one round, by questionnaire and dimension; where fewer than five have a score, none."""

    group: Group
    quartiles: QuartilesOf


#: What gives the accepted scores of these units in a round; they hold single scores, and only `others_of` asks for them.
Accepted = Callable[[tuple[str, ...], str], pd.DataFrame]


@watched
def others_of(
    desk: Desk,
    unit_id: str,
    round_id: str,
    basis: Basis,
    remembered: Callable[[Accepted], Accepted] = lambda read: read,
) -> Others:
    """How the others stand that `unit_id` is compared with; a country by its own answers, or by its domains'.

    `remembered` may put a memory before what reads the accepted scores; nobody else gets hold of that.

    Raises:
        NotAllowed: The unit's result isn't the principal's to see.
    """
    with desk.store.read() as connection:
        organisation = read_organisation(connection)
    require(desk.principal, Action.SEE_RESULT, unit_id, organisation)
    group, members = _group(organisation, organisation.units[unit_id])
    if group is Group.NOBODY:
        return Others(group, {})
    is_by_domains = group is Group.COUNTRIES and basis is Basis.DOMAINS
    read = _domains_of(organisation, members) if is_by_domains else members
    scores = remembered(partial(_accepted_scores, desk))(read, round_id)
    on_basis = scores["basis"] == (Basis.DOMAINS if is_by_domains else Basis.OWN)
    return Others(group, quartiles_of(scores[on_basis & scores["unit_id"].isin(members)], unit_id))


def read_others(
    connection: Connection, desk: Desk, organisation: Organisation, unit_id: str, round_id: str
) -> ScoringInput:
    """What was accepted of those that `unit_id` is compared with, for `quartiles_from` alone: it holds single answers.

    Raises:
        NotAllowed: The unit's result isn't the principal's to see.
    """
    require(desk.principal, Action.SEE_RESULT, unit_id, organisation)
    _, members = _group(organisation, organisation.units[unit_id])
    return read_accepted(connection, desk.catalogue, organisation, members, round_id)


def quartiles_from(read: ScoringInput, unit_id: str) -> QuartilesOf:
    """The others' quartiles by their own answers, as `others_of` gives them."""
    scores = score_table(read)
    return quartiles_of(scores[scores["basis"] == Basis.OWN], unit_id)


def _accepted_scores(desk: Desk, units: tuple[str, ...], round_id: str) -> pd.DataFrame:
    """The score table of what was accepted of these units, for `others_of` alone: it holds single scores."""
    with desk.store.read() as connection:
        organisation = read_organisation(connection)
        data = read_accepted(connection, desk.catalogue, organisation, units, round_id)
    return score_table(data)


def _group(organisation: Organisation, unit: Unit) -> tuple[Group, tuple[str, ...]]:
    if unit.kind is UnitKind.COUNTRY:
        return Group.COUNTRIES, tuple(entry.id for entry in organisation.countries)
    if unit.kind is not UnitKind.DOMAIN or not unit.domain_family:
        return Group.NOBODY, ()
    domains = organisation.of_kind(UnitKind.DOMAIN)
    return Group.TWINS, tuple(entry.id for entry in domains if entry.domain_family == unit.domain_family)


def _domains_of(organisation: Organisation, countries: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(domain.id for country in countries for domain in organisation.domains(country))
