"""What a reader looks at: round, questionnaire, units, basis, levels. Kept in the address, so that every view is a link."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import streamlit as st

from assessment.i18n import count, t
from assessment.organisation import Organisation, Round
from assessment.questionnaire.models import UnitKind
from assessment.scoring.table import Basis
from assessment.ui.address import remembered as remembered  # for the parts of pages, too
from assessment.ui.address import remembered_some
from assessment.ui.session import Here
from assessment.ui.text import plain
from assessment.ui.widgets import phase_name

#: More domains than this are no view but a list; then one family of twins is shown until somebody chooses.
MOST_DOMAINS = 60
_ALL = "all"


class Rows(StrEnum):
    """Whom a table of units has in its rows."""

    COUNTRIES = "countries"
    DOMAINS = "domains"


class Filter(StrEnum):
    """What can be chosen; the value is the parameter's name in the address and the widget's key."""

    ROUND = "round"
    QUESTIONNAIRE = "questionnaire"
    ROWS = "rows"
    COUNTRIES = "countries"
    FAMILY = "family"
    BASIS = "basis"
    LEVELS = "levels"
    WHOSE = "whose"


@dataclass(frozen=True, slots=True)
class View:
    """What was chosen; where a page doesn't ask, its widest or usual value.

    `questionnaire_id` None is all that the round asks, no `country_ids` are all countries, `family` '' is every one.
    """

    round: Round
    questionnaire_id: str | None = None
    rows: Rows = Rows.COUNTRIES
    country_ids: tuple[str, ...] = ()
    family: str = ""
    basis: Basis = Basis.OWN
    supported: bool = False

    @property
    def pinned(self) -> dict[str, str]:
        """The version of each questionnaire that is looked at, by its id."""
        return {
            name: version
            for name, version in self.round.questionnaires.items()
            if self.questionnaire_id in (None, name)
        }

    def countries(self, organisation: Organisation) -> dict[str, str]:
        """The names of the countries that are looked at, by id."""
        return {
            unit.id: unit.name
            for unit in organisation.countries
            if not self.country_ids or unit.id in self.country_ids
        }

    def domains(self, organisation: Organisation) -> dict[str, str]:
        """The labels of the domains that are looked at, by id."""
        return {
            unit.id: organisation.label(unit.id)
            for country in self.countries(organisation)
            for unit in organisation.domains(country)
            if not self.family or unit.domain_family == self.family
        }

    def units(self, organisation: Organisation) -> dict[str, str]:
        """The units in the rows with the names to show, by id."""
        wanted = self.countries if self.rows is Rows.COUNTRIES else self.domains
        return wanted(organisation)


def choose_view(place: Here, *asked: Filter) -> View:
    """Asks for what the page needs, the round always; the first three stand open, the others in a box beside them."""
    row = st.container(horizontal=True, vertical_alignment="bottom")
    with row:
        entry = _round(place)
        questionnaire = _questionnaire(place, entry) if Filter.QUESTIONNAIRE in asked else None
        rows = Rows(_pick(Filter.ROWS, _rows_names(place))) if Filter.ROWS in asked else Rows.COUNTRIES
    rest = set(asked) - {Filter.QUESTIONNAIRE, Filter.ROWS}
    if not rest:
        return View(entry, questionnaire, rows)
    with row.popover(t("More filters"), icon=":material/filter_alt:"):
        countries = _countries(place) if Filter.COUNTRIES in rest else ()
        family = _family(place, rows, countries) if Filter.FAMILY in rest else ""
        basis = _basis() if Filter.BASIS in rest else Basis.OWN
        supported = _levels() if Filter.LEVELS in rest else False
    view = View(entry, questionnaire, rows, countries, family, basis, supported)
    st.caption(_told(place, view, asked))
    return view


def choose_part(page: str, parts: Mapping[str, str], label: str) -> str:
    """Which part of a page is open: only that one is computed and drawn. `parts` has the words by name.

    Two pages may have parts of one name, so what is open on one holds there only; the address says `part` on each.
    """
    # Radios, because the pressed part of a segmented control has too little contrast in the dark.
    return str(
        remembered(
            "part", list(parts), next(iter(parts)),
            lambda key: st.radio(label, list(parts), format_func=parts.__getitem__, horizontal=True, key=key),
            page=page,
        )
    )  # fmt: skip


def _pick(name: Filter, names: Mapping[str, str], *, is_named: bool = False) -> str:
    return str(
        remembered(
            name, list(names), next(iter(names)),
            lambda key: st.selectbox(t(_LABELS[name]), list(names), format_func=names.__getitem__, key=key),
            is_named=is_named,
        )
    )  # fmt: skip


def _round(place: Here) -> Round:
    """The round that the page is about, the latest first."""
    # Ids, not titles: a title may change, and a link should not.
    by_id = {entry.id: entry for entry in reversed(place.rounds)}
    names = {
        name: " · ".join(filter(None, [entry.title, phase_name(entry)])) for name, entry in by_id.items()
    }
    return by_id[_pick(Filter.ROUND, names)]


def _questionnaire(place: Here, entry: Round) -> str | None:
    names = {_ALL: t("All questionnaires")} | {
        name: place.catalogue.get(name, version).title for name, version in entry.questionnaires.items()
    }
    chosen = _pick(Filter.QUESTIONNAIRE, names)
    return None if chosen == _ALL else chosen


def _rows_names(place: Here) -> dict[str, str]:
    names = {Rows.COUNTRIES: t("Countries"), Rows.DOMAINS: t("Domains")}
    has_domains = bool(place.organisation.of_kind(UnitKind.DOMAIN))
    return {str(rows): words for rows, words in names.items() if has_domains or rows is Rows.COUNTRIES}


def _countries(place: Here) -> tuple[str, ...]:
    """Several countries; none chosen are all."""
    names = {unit.id: unit.name for unit in place.organisation.countries}
    chosen = remembered_some(
        Filter.COUNTRIES, names,
        lambda key: st.multiselect(
            t("Countries"), list(names), format_func=names.__getitem__, key=key, placeholder=t("All")
        ),
    )  # fmt: skip
    return tuple(chosen)


def _family(place: Here, rows: Rows, countries: Sequence[str]) -> str:
    """One domain family, whose units are twins; with too many domains for one view, the first is the usual choice."""
    titles = _families(place.organisation)
    if not titles:
        return ""
    view = View(place.rounds[-1], rows=rows, country_ids=tuple(countries))
    must = _has_too_many(place.organisation, view)
    # Named, because nobody chose it: whoever opens the link sees which family it is about.
    chosen = _pick(Filter.FAMILY, titles if must else {_ALL: t("All")} | titles, is_named=must)
    return "" if chosen == _ALL else chosen


def _has_too_many(organisation: Organisation, view: View) -> bool:
    """Whether all domains of the view's countries are too many for its rows."""
    return view.rows is Rows.DOMAINS and len(replace(view, family="").units(organisation)) > MOST_DOMAINS


def family_name(organisation: Organisation, view: View) -> str:
    """What the family that is looked at is called; '' for all."""
    return _families(organisation)[view.family] if view.family else ""


def rows_words(organisation: Organisation, view: View) -> str:
    """Who stands in the rows, for what is said about a chart."""
    if view.rows is Rows.COUNTRIES:
        return t("Countries")
    family = family_name(organisation, view)
    return t("Domains in “{family}”", family=family) if family else t("Domains")


def _families(organisation: Organisation) -> dict[str, str]:
    """The name of each domain family: its first domain's."""
    found: dict[str, str] = {}
    for unit in organisation.of_kind(UnitKind.DOMAIN):
        if unit.domain_family:
            found.setdefault(unit.domain_family, unit.name)
    return found


def _basis() -> Basis:
    names = {str(Basis.OWN): t("Countries' own answers"), str(Basis.DOMAINS): t("Mean of their domains")}
    return Basis(_pick(Filter.BASIS, names))


def _levels() -> bool:
    return (
        _pick(Filter.LEVELS, {"claimed": t("As claimed"), "supported": t("As evidence supports")})
        != "claimed"
    )


def _told(place: Here, view: View, asked: Collection[Filter]) -> str:
    """What the closed box holds, because nobody opens it to find out."""
    parts = []
    if Filter.COUNTRIES in asked:
        some = count(len(view.country_ids), "country", "countries")
        parts.append(some if view.country_ids else t("all countries"))
    if view.family:
        parts.append(_told_family(place.organisation, view))
    if Filter.BASIS in asked and view.rows is Rows.COUNTRIES:
        parts.append(basis_words(view.basis))
    if Filter.LEVELS in asked:
        parts.append(levels_words(supported=view.supported))
    return " · ".join(plain(part) for part in parts)


def _told_family(organisation: Organisation, view: View) -> str:
    family = t("twins: {family}", family=family_name(organisation, view))
    if view.rows is Rows.COUNTRIES:
        return t("{family} (which of their domains count)", family=family)
    if not _has_too_many(organisation, view):
        return family
    return t("{family}, one family at a time with more than {n} domains", family=family, n=MOST_DOMAINS)


def basis_words(basis: Basis) -> str:
    return t("own answers") if basis is Basis.OWN else t("mean of the domains")


def levels_words(*, supported: bool) -> str:
    return t("as evidence supports") if supported else t("as claimed")


_LABELS: Mapping[Filter, str] = {
    Filter.ROUND: "Round",
    Filter.QUESTIONNAIRE: "Questionnaire",
    Filter.ROWS: "Rows",
    Filter.FAMILY: "Domain family",
    Filter.BASIS: "Based on",
    Filter.LEVELS: "Levels",
}
