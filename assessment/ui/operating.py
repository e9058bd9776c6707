"""The operating-model part of the readiness page: how units work, and what would make it another way."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from assessment.analysis.headlines import operating_model_headline
from assessment.analysis.operating_model import Bound, OperatingModelFinding, missing_words
from assessment.analysis.operating_models import model_overview
from assessment.charts.operating_models import operating_models
from assessment.charts.theme import Words
from assessment.i18n import count, joined, t
from assessment.questionnaire.verdicts import OperatingModelRules, VerdictRules
from assessment.ui import resources
from assessment.ui.address import remembered
from assessment.ui.charting import Picture, show, source_line
from assessment.ui.filters import Rows, View, rows_words
from assessment.ui.session import Here
from assessment.ui.text import plain
from assessment.ui.widgets import nothing_yet, palette


def draw_operating_models(place: Here, view: View, rules: VerdictRules) -> None:
    """How many units work in which way, then one of them with its conditions."""
    labels = view.units(place.organisation)
    found = resources.operating_models(place.scope, place.revision, view.round.id)
    shown = {unit: found[unit] for unit in labels if unit in found}
    is_country = view.rows is Rows.COUNTRIES
    finding = model_overview(found, rules.operating_model, labels, of_domains=not is_country)
    if not shown:
        nothing_yet(f"{finding.headline}.", t("Choose other units or another round above."))
        return
    source = source_line(place, view, count(len(shown), "unit"), t("claimed levels"), _carried(shown))
    picture = Picture(
        "operating-models",
        finding.headline,
        _subtitle(place, view),
        source,
        _table(shown, labels, rules.operating_model, place.organisation.label),
        lambda titled: operating_models(
            finding, palette(), Words(source, headline=finding.headline) if titled else Words(""), labels.__getitem__
        ),
        list(shown),
    )  # fmt: skip
    show(place, view, picture)
    _one(place, shown, labels, rules.operating_model)


def _subtitle(place: Here, view: View) -> str:
    """Whose number it is; a country's way of working is over all its domains, whichever family is looked at."""
    if view.rows is Rows.DOMAINS:
        rows = rows_words(place.organisation, view)
        return t("{rows}, from centralised to mesh; no way of working is better than another", rows=rows)
    if view.family:
        return t(
            "Number of countries, from their own and the median answers of their domains of all families"
        )
    return t("Number of countries, from their own and their domains' median answers")


def _carried(shown: dict[str, OperatingModelFinding]) -> str:
    """How many of the inputs read rest on evidence that carries them."""
    carried = sum(entry.supported for entry in shown.values())
    return t(
        "evidence carries {n} of {all} inputs", n=carried, all=sum(entry.inputs for entry in shown.values())
    )


def _table(
    shown: dict[str, OperatingModelFinding],
    labels: dict[str, str],
    rules: OperatingModelRules,
    label: Callable[[str], str],
) -> pd.DataFrame:
    rows = [
        {
            t("Unit"): labels[unit],
            t("Works as"): entry.chosen.title if entry.chosen else t("can't be told"),
            t("One level from"): joined(model.title for model in entry.borderline),
            t("Principles met"): t("{n} of {all}", n=entry.principles_met, all=entry.principles),
            t("Conditions missed of the class before"): sum(not bound.is_met for bound in entry.bounds),
            t("Inputs without a level"): "; ".join(missing_words(entry, rules, label)),
            t("Inputs carried by evidence"): t("{n} of {all}", n=entry.supported, all=entry.inputs),
        }
        for unit, entry in shown.items()
    ]
    return pd.DataFrame(rows)


def _one(
    place: Here, shown: dict[str, OperatingModelFinding], labels: dict[str, str], rules: OperatingModelRules
) -> None:
    """One unit: what it is, conditions met and missed, the next step."""
    unit = str(
        remembered(
            "unit", list(shown), next(iter(shown)),
            lambda key: st.selectbox(t("One unit"), list(shown), format_func=labels.__getitem__, key=key),
        )
    )  # fmt: skip
    finding = shown[unit]
    st.subheader(plain(operating_model_headline(finding, labels[unit])), anchor=False)
    if finding.chosen is None:
        why = missing_words(finding, rules, place.organisation.label)
        st.markdown("\n".join(f"- {plain(words)}" for words in why))
        st.caption(
            t(
                "An input has a level once every answer behind it has; of a country's domains, half of those it applies to"
                " are enough. “Not applicable” is left out only once a reviewer has accepted it."
            )
        )
        return
    st.markdown(plain(finding.chosen.summary))
    st.markdown(t("**Next step.** {step}", step=plain(finding.chosen.next_step)))
    principles = t("{n} of {all} principles met", n=finding.principles_met, all=finding.principles)
    carried = t("evidence carries {n} of {all} inputs", n=finding.supported, all=finding.inputs)
    st.caption(f"{principles} · {carried}")
    if finding.nearest is not None and finding.bounds:
        st.markdown(t("**Conditions of “{title}”**", title=plain(finding.nearest.title)))
        st.markdown("\n".join(f"- {_bound(bound)}" for bound in finding.bounds))


def _bound(bound: Bound) -> str:
    sign = "✓" if bound.is_met else "✕"
    limits = [
        *([t("at least {level}", level=bound.at_least)] if bound.at_least is not None else []),
        *([t("at most {level}", level=bound.at_most)] if bound.at_most is not None else []),
    ]
    met = t("met") if bound.is_met else t("missed")
    return t(
        "{sign} {title}: level {found}, needs {limits}, {met}",
        sign=sign, title=plain(bound.title), found=bound.found, limits=joined(limits), met=met,
    )  # fmt: skip
