"""What of a round can be taken along as files; each is made once it is asked for, from one look at the data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from assessment.access import Action
from assessment.actions.exporting import (
    DATA_PACKAGE,
    EXCEL_TABLES,
    document_name,
    export_package,
    export_scorecard,
    export_scores,
    export_tables_for_excel,
    file_name,
)
from assessment.exports.documents import MIME, Form
from assessment.i18n import t
from assessment.organisation import Round
from assessment.ui.session import Here


def offer_files(place: Here, entry: Round, unit_id: str | None, scores_label: str) -> None:
    """The scorecard and the numbers of a unit and what is below it, or of all that the person may export."""
    st.subheader(t("Take it with you"), anchor=False)
    if unit_id is not None or place.may(Action.COMPARE):
        _documents(place, entry, unit_id)
    _numbers(place, entry, unit_id, scores_label)


@dataclass(frozen=True, slots=True)
class _Offer:
    """How a form is offered: of the group, of a unit, with which sign, and what it is good for."""

    pack: str
    scorecard: str
    icon: str
    told: str


_OFFERS = {
    Form.PDF: _Offer(
        "Board pack as PDF", "Scorecard as PDF", ":material/picture_as_pdf:",
        "To read, to print and to keep: it doesn't change, and screen readers can read it.",
    ),
    Form.EXCEL: _Offer(
        "Board pack for Excel", "Scorecard for Excel", ":material/table_view:",
        "A sheet to print, and scores, gates and next moves as tables.",
    ),
    Form.SLIDES: _Offer(
        "Board pack as slides", "Scorecard as slides", ":material/slideshow:",
        "One message a slide, for PowerPoint and Impress; charts and tables can be edited, and the notes have the source.",
    ),
}  # fmt: skip


def _documents(place: Here, entry: Round, unit_id: str | None) -> None:
    """A sheet to hand over, in each of its forms."""
    is_of_group = unit_id is None
    for column, (form, offer) in zip(st.columns(len(_OFFERS)), _OFFERS.items(), strict=True):
        name = document_name(
            entry.id, unit_id, place.desk().at, form,
            is_synthetic=place.is_synthetic, is_of_group=is_of_group,
        )  # fmt: skip
        label = t(offer.pack if is_of_group else offer.scorecard)
        _button(
            column, label, name, MIME[form], offer.icon, t(offer.told), _made(place, entry, unit_id, form)
        )


def _made(place: Here, entry: Round, unit_id: str | None, form: Form) -> Callable[[], bytes]:
    return lambda: export_scorecard(place.desk(), entry.id, unit_id, form).content


def _numbers(place: Here, entry: Round, unit_id: str | None, scores_label: str) -> None:
    """The numbers for other programs."""
    at = place.desk().at
    scores, excel, package = st.columns(3)

    def named(subject: str = "scores", ending: str = "csv") -> str:
        return file_name(
            entry.id, unit_id, at, is_synthetic=place.is_synthetic, subject=subject, ending=ending
        )

    _button(
        scores, scores_label, named(), "text/csv", ":material/download:", None,
        lambda: export_scores(place.desk(), entry.id, unit_id).content,
    )  # fmt: skip
    _button(
        excel, t("All tables as CSV for Excel"), named(EXCEL_TABLES, "zip"), "application/zip", ":material/table:",
        t("Files that open with a double click: a text that a spreadsheet would run has an apostrophe in front."),
        lambda: export_tables_for_excel(place.desk(), entry.id, unit_id).content,
    )  # fmt: skip
    _button(
        package, t("Download the data package"), named(DATA_PACKAGE, "zip"), "application/zip", ":material/folder_zip:",
        t("This round and those before it: answers, facts, scores, gates, verdicts, moves, and what each column means. Of a large group it takes a minute."),
        lambda: export_package(place.desk(), entry.id, unit_id).content,
    )  # fmt: skip


def _button(
    column: DeltaGenerator, label: str, name: str, mime: str, icon: str, told: str | None, made: Callable[[], bytes]
) -> None:  # fmt: skip
    column.download_button(label, data=made, file_name=name, mime=mime, icon=icon, help=told, width="stretch")
