"""What of a round can be taken along as files; each is made once it is asked for, from one look at the data."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from assessment.access import Action
from assessment.actions.exporting import (
    DATA_PACKAGE,
    EXCEL_SCORES,
    document_name,
    export_package,
    export_scorecard,
    export_scores,
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


def _documents(place: Here, entry: Round, unit_id: str | None) -> None:
    """A sheet to hand over, in each of its forms."""
    is_of_group = unit_id is None
    words = _PACK if is_of_group else _SCORECARD
    helps = {Form.PDF: _AS_PDF, Form.EXCEL: _IN_EXCEL, Form.SLIDES: _AS_SLIDES}
    icons = {
        Form.PDF: ":material/picture_as_pdf:", Form.EXCEL: ":material/table_view:", Form.SLIDES: ":material/slideshow:",
    }  # fmt: skip
    for column, form in zip(st.columns(len(Form)), Form, strict=True):
        name = document_name(
            entry.id, unit_id, place.desk().at, form,
            is_synthetic=place.is_synthetic, is_of_group=is_of_group,
        )  # fmt: skip
        _button(
            column, t(words[form]), name, MIME[form], icons[form], t(helps[form]),
            _made(place, entry, unit_id, form),
        )  # fmt: skip


def _made(place: Here, entry: Round, unit_id: str | None, form: Form) -> Callable[[], bytes]:
    return lambda: export_scorecard(place.desk(), entry.id, unit_id, form).content


_PACK = {
    Form.PDF: "Board pack as PDF",
    Form.EXCEL: "Board pack for Excel",
    Form.SLIDES: "Board pack as slides",
}
_SCORECARD = {
    Form.PDF: "Scorecard as PDF",
    Form.EXCEL: "Scorecard for Excel",
    Form.SLIDES: "Scorecard as slides",
}
_AS_PDF = "To read, to print and to keep: it doesn't change, and screen readers can read it."
_IN_EXCEL = "A sheet to print, and scores, gates and next moves as tables."
_AS_SLIDES = "One message a slide, for PowerPoint and Impress; charts and tables can be edited, and the notes have the source."


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
        excel, t("The same for Excel"), named(EXCEL_SCORES), "text/csv", ":material/table:",
        t("A CSV that opens with a double click: a text that a spreadsheet would run has an apostrophe in front."),
        lambda: export_scores(place.desk(), entry.id, unit_id, for_excel=True).content,
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
