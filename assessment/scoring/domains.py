"""A country's `domains` rows: what its domains' own rows come to together."""

from __future__ import annotations

import numpy as np
import pandas as pd

from assessment.organisation import Organisation
from assessment.questionnaire.models import UnitKind
from assessment.responses import moments
from assessment.scoring.levels import level_of

_MEANS = ["score", "score_low", "score_high", "supported_score", "coverage"]
_KNOWN_OF_SILENT = ["score_low", "score_high", "coverage"]
_SUMS = ["questions", "answered", "not_applicable", "dont_know", "unanswered"]
_KEY = ["round_id", "country_id", "questionnaire_id", "questionnaire_version", "dimension_id"]


def domain_rows(own: pd.DataFrame, organisation: Organisation) -> pd.DataFrame:
    """One row per round, country and node over the `own` rows of the country's domains.

    Scores, bounds and coverage are equal-weight means of the domains that aren't withheld; one that answered nothing
    has no score to add, but its bounds and its coverage of 0 count. Counts are sums over all domains. The secured
    level is the lowest among all domains where something applies, with the domain and question that hold it back;
    it is missing while one of them has none. The status is scored when every domain where something applies is
    scored, provisional when some are not, else the best reason.
    """
    domains = _domains(own, organisation)
    if domains.empty:
        return own.iloc[:0]
    counts = domains["status"].isin(["scored", "provisional"])
    means = domains[_MEANS].where(counts).astype(float)
    # A domain that answered nothing is unknown, not withheld: it opens the bounds and lowers the coverage.
    silent = domains["status"] == "not_answered"
    means[_KNOWN_OF_SILENT] = domains[_KNOWN_OF_SILENT].where(counts | silent).astype(float)
    summed = domains.assign(**means)
    groups = summed.groupby(_KEY, sort=False)
    rows = groups.agg(
        {
            **dict.fromkeys(_MEANS, "mean"),
            **dict.fromkeys(_SUMS, "sum"),
            **dict.fromkeys(
                ["schema_version", "round_phase", "parent_dimension_id", "dimension_title", "_node"], "first"
            ),
        }
    ).reset_index()
    rows = rows.merge(_statuses(domains, counts), on=_KEY).merge(_lowest(domains), on=_KEY, how="left")
    rows = rows.merge(_latest(domains), on=_KEY)
    return _as_country_rows(rows, organisation)


def _domains(own: pd.DataFrame, organisation: Organisation) -> pd.DataFrame:
    """The domains' rows with their `country_id`, in the organisation's order, which decides between equals."""
    places = {unit: place for place, unit in enumerate(organisation.units)}
    parents = {unit.id: unit.parent_id or "" for unit in organisation.units.values()}
    domains = own[own["unit_kind"] == UnitKind.DOMAIN]
    domains = domains.assign(
        country_id=domains["unit_id"].map(parents), _place=domains["unit_id"].map(places)
    )
    return domains[domains["country_id"].isin(organisation.units)].sort_values("_place", kind="stable")


def _latest(domains: pd.DataFrame) -> pd.DataFrame:
    """The latest `as_of` of each group, in time and not in the alphabet: clocks differ between countries."""
    in_time = domains.assign(_moment=moments(domains["as_of"])).sort_values(
        ["_moment", "as_of"], na_position="first", kind="stable"
    )
    return in_time.groupby(_KEY, sort=False)["as_of"].last().reset_index()


def _statuses(domains: pd.DataFrame, counts: pd.Series[bool]) -> pd.DataFrame:
    """The status of each country row, by what its domains are."""
    flags = domains[_KEY].assign(
        some=counts,
        all_scored=domains["status"].isin(["scored", "not_applicable"]),
        withheld=domains["status"].eq("withheld"),
        applicable=domains["status"].ne("not_applicable"),
    )
    found = flags.groupby(_KEY, sort=False).agg(
        some=("some", "any"), all_scored=("all_scored", "all"), withheld=("withheld", "any"),
        applicable=("applicable", "any"),
    )  # fmt: skip
    conditions = [~found["applicable"], found["some"] & found["all_scored"], found["some"], found["withheld"]]
    outcomes = ["not_applicable", "scored", "provisional", "withheld"]
    found["status"] = np.select(conditions, outcomes, "not_answered")
    return found[["status"]].reset_index()


def _lowest(domains: pd.DataFrame) -> pd.DataFrame:
    """The lowest secured level of each group of domains, with the domain and question that hold it back."""
    applicable = domains[domains["status"] != "not_applicable"]
    known = applicable["secured_level"].astype(float)
    complete = known.notna().groupby([applicable[column] for column in _KEY]).transform("all")
    # A stable sort keeps the organisation's order among equals.
    lowest = applicable[complete].assign(secured_level=known).sort_values("secured_level", kind="stable")
    columns = ["secured_level", "blocking_question_id", "blocking_unit_id"]
    return lowest.groupby(_KEY, sort=False)[columns].first().reset_index()


def _as_country_rows(rows: pd.DataFrame, organisation: Organisation) -> pd.DataFrame:
    countries = rows["country_id"].map(organisation.units)
    blank = rows["blocking_question_id"].isna()
    shown = rows["status"].isin(["scored", "provisional"])
    return rows.assign(
        unit_id=rows["country_id"],
        unit_name=[unit.name for unit in countries],
        unit_kind=[str(unit.kind) for unit in countries],
        country_iso3=[unit.country_iso3 for unit in countries],
        domain_family="",
        basis="domains",
        assessment_state="",
        blocking_question_id=rows["blocking_question_id"].mask(blank, ""),
        blocking_unit_id=rows["blocking_unit_id"].mask(blank, ""),
        level=pd.Series(level_of(rows["score"].where(shown).to_numpy(float)), rows.index).where(
            rows["supported_score"].notna()
        ),
    ).drop(columns="country_id")
