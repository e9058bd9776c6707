"""Where leads and domains see the same thing differently, over all countries or in one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assessment.analysis.perception import Perceived, PerceptionFinding
from assessment.i18n import count, decimal, t

#: More questions than this aren't a picture any more; the table has all of them.
MOST_ROWS = 12
_APART = (Perceived.AMBER, Perceived.RED)
_COMPARED = (Perceived.ALIKE, *_APART)


@dataclass(frozen=True, slots=True)
class ViewRow:
    """One line: what it is about, and the finding; None where nothing can be compared, and `why` says it."""

    label: str
    finding: PerceptionFinding | None
    why: Perceived | None = None


@dataclass(frozen=True, slots=True)
class Views:
    """What is drawn, what is claimed and unknown to the domains, and the sentence over it."""

    rows: tuple[ViewRow, ...]
    invisible: tuple[PerceptionFinding, ...]
    headline: str


def widest_of_each(
    found: Mapping[str, Sequence[PerceptionFinding]], labels: Mapping[str, str], titles: Mapping[str, str]
) -> Views:
    """One line a country, the widest gap of each; countries without a comparison last, with the reason."""
    shown = {country: found[country] for country in labels if country in found}
    rows = [_widest(labels[country], views, titles) for country, views in shown.items()]
    invisible = tuple(view for views in shown.values() for view in views if view.is_invisible)
    return Views(tuple(sorted(rows, key=_by_gap)), invisible, _group_headline(rows, shown, invisible))


def of_one_country(views: Sequence[PerceptionFinding], titles: Mapping[str, str], headline: str) -> Views:
    """The widest gaps of one country, a line a question, as far as lead and domains can be compared."""
    compared = [view for view in views if view.perceived in _COMPARED][:MOST_ROWS]
    rows = tuple(ViewRow(titles.get(view.question_id, view.question_id), view) for view in compared)
    return Views(rows, tuple(view for view in views if view.is_invisible), headline)


def reasons(views: Iterable[PerceptionFinding]) -> dict[Perceived, int]:
    """How many questions can't be compared, by why."""
    found: dict[Perceived, int] = {}
    for view in views:
        if view.perceived not in _COMPARED:
            found[view.perceived] = found.get(view.perceived, 0) + 1
    return found


def _widest(label: str, views: Sequence[PerceptionFinding], titles: Mapping[str, str]) -> ViewRow:
    compared = [view for view in views if view.perceived in _COMPARED]
    if not compared:
        why = reasons(views)
        return ViewRow(label, None, max(why, key=lambda kind: why[kind]) if why else Perceived.UNKNOWN)
    widest = max(compared, key=lambda view: abs(view.gap or 0.0))
    title = titles.get(widest.question_id, widest.question_id)
    return ViewRow(t("{unit}: {question}", unit=label, question=title), widest)


def _by_gap(row: ViewRow) -> tuple[float, str]:
    gap = row.finding.gap if row.finding else None
    return (-abs(gap) if gap is not None else 1.0, row.label.casefold())


def _group_headline(
    rows: Sequence[ViewRow],
    shown: Mapping[str, Sequence[PerceptionFinding]],
    invisible: Sequence[PerceptionFinding],
) -> str:
    """How many countries' leads and domains are apart, and where most; or why nobody can tell."""
    if not rows:
        return t("No country was asked in this round")
    compared = [row for row in rows if row.finding is not None]
    tail = (
        t(
            "; {questions} of claimed governance unknown to domains",
            questions=count(len(invisible), "question"),
        )
        if invisible
        else ""
    )
    countries = count(len(rows), "country", "countries")
    if not compared:
        return t(
            "Lead and domains can't be compared yet in any of {countries}{tail}",
            countries=countries,
            tail=tail,
        )
    apart = [row for row in compared if row.finding is not None and row.finding.perceived in _APART]
    if not apart:
        return t(
            "Lead and domains agree wherever they can be compared: {n} of {countries}{tail}",
            n=len(compared),
            countries=countries,
            tail=tail,
        )
    far = sum(any(view.perceived is Perceived.RED for view in views) for views in shown.values())
    first = min(apart, key=_by_gap)
    gap = first.finding.gap if first.finding and first.finding.gap is not None else 0.0
    direction = t("higher") if gap > 0 else t("lower")
    return t(
        "Lead and domains see things apart in {apart} of {countries}, far apart in {far}; widest:"
        " {first}, where the lead is {gap} levels {direction}{tail}",
        apart=len(apart), countries=countries, far=far, first=first.label, gap=decimal(abs(gap)), direction=direction,
        tail=tail,
    )  # fmt: skip
