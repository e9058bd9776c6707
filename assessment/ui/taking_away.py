"""What of a round can be taken along as files; each is made once it is asked for, from one look at the data."""

from __future__ import annotations

import streamlit as st

from assessment.actions.exporting import DATA_PACKAGE, EXCEL_SCORES, export_package, export_scores, file_name
from assessment.i18n import t
from assessment.organisation import Round
from assessment.ui.session import Here


def offer_files(place: Here, entry: Round, unit_id: str | None, scores_label: str) -> None:
    """The scores, and the data package, of a unit and what is below it, or of all that the person may export."""
    st.subheader(t("Take it with you"), anchor=False)
    at = place.desk().at
    scores, excel, package = st.columns(3)
    scores.download_button(
        scores_label,
        data=lambda: export_scores(place.desk(), entry.id, unit_id).content,
        file_name=file_name(entry.id, unit_id, at, is_synthetic=place.is_synthetic),
        mime="text/csv",
        icon=":material/download:",
        width="stretch",
    )
    excel.download_button(
        t("The same for Excel"),
        data=lambda: export_scores(place.desk(), entry.id, unit_id, for_excel=True).content,
        file_name=file_name(entry.id, unit_id, at, is_synthetic=place.is_synthetic, subject=EXCEL_SCORES),
        mime="text/csv",
        icon=":material/table:",
        help=t(
            "A CSV that opens with a double click: a text that a spreadsheet would run has an apostrophe in front."
        ),
        width="stretch",
    )
    package.download_button(
        t("Download the data package"),
        data=lambda: export_package(place.desk(), entry.id, unit_id).content,
        file_name=file_name(
            entry.id, unit_id, at, is_synthetic=place.is_synthetic, subject=DATA_PACKAGE, ending="zip"
        ),
        mime="application/zip",
        icon=":material/folder_zip:",
        help=t("This round and those before it: answers, facts, scores, gates, verdicts, moves, and what each column means. Of a large group it takes a minute."),
        width="stretch",
    )  # fmt: skip
