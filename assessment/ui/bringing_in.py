"""Files that the administrator brings in on a page: what they would change first, then all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from assessment.actions.import_plan import Files
from assessment.actions.importing import bring_in, preview
from assessment.errors import AssessmentError
from assessment.i18n import t
from assessment.intake.bundle import File
from assessment.intake.changes import Changes, Fate, Kind, kind_of
from assessment.organisation import ROUND_COLUMNS, TARGET_COLUMNS, UNIT_COLUMNS
from assessment.responses import ANSWER_COLUMNS, OPTIONAL_ANSWER_COLUMNS
from assessment.ui.outcome import attempt, tell
from assessment.ui.session import Here
from assessment.ui.text import plain

#: Where it is said what became of them, and what counts how often files were taken: an empty field for the next.
_HERE, _TAKEN = "files", "files-taken"
#: The columns that each file has; those that may be missing are left out.
_COLUMNS = {
    "units.csv": UNIT_COLUMNS, "rounds.csv": ROUND_COLUMNS, "targets.csv": TARGET_COLUMNS,
    "answers.csv": [name for name in ANSWER_COLUMNS if name not in OPTIONAL_ANSWER_COLUMNS],
}  # fmt: skip
#: So many lines are shown; all of them are counted.
_MOST_LINES = 200


def draw_import(place: Here) -> None:
    """A place for units.csv, rounds.csv, targets.csv and answers.csv, one or several together."""
    st.markdown(
        t(
            "CSV files that name one another, one or several together. What they are is read from their columns. Answers "
            "become drafts, which their units check and send."
        )
    )
    st.markdown("\n".join(f"- {name}: {', '.join(columns)}" for name, columns in _COLUMNS.items()))
    files = st.file_uploader(
        t("Your files"),
        type="csv",
        accept_multiple_files=True,
        key=f"files-{st.session_state.get(_TAKEN, 0)}",
    )
    may_replace = st.checkbox(t("Also replace answers that were given here"), key="files-replace")
    if files:
        _offer(place, files, may_replace=may_replace)
    tell(_HERE)


def _offer(place: Here, uploaded: Sequence[UploadedFile], *, may_replace: bool) -> None:
    try:
        files = _files(uploaded)
        changes = preview(place.desk(), files, may_replace=may_replace)
    except AssessmentError as error:
        lines = "\n\n".join(plain(line) for line in str(error).splitlines())
        st.error(t("Nothing was written.") + "\n\n" + lines, icon=":material/error:")
        return
    st.markdown(f"**{plain(changes.headline)}**")
    _table(changes)
    if changes.conflicts:
        st.warning(
            t(
                "Conflicts keep all of it from being written. Take them out of the files, or settle them here first."
            ),
            icon=":material/warning:",
        )
    elif changes.is_nothing:
        st.success(t("All of this is here already."))
    else:
        st.button(
            t("Write all of it"), type="primary", key="files-write", on_click=_write, args=(place, files),
            kwargs={"may_replace": may_replace},
        )  # fmt: skip


def _files(uploaded: Sequence[UploadedFile]) -> Files:
    """The files by what they are.

    Raises:
        ResponseError: One is none of these, or there are two of one kind.
    """
    found: dict[Kind, File] = {}
    for file in uploaded:
        content = file.getvalue()
        found = {**found, kind_of(content, file.name, found): File(file.name, content)}
    return Files(*(found.get(kind) for kind in (Kind.UNIT, Kind.ROUND, Kind.TARGET, Kind.ANSWER)))


def _table(changes: Changes) -> None:
    """Conflicts first; what stays as it is isn't listed."""
    fates = {Fate.CONFLICT: t("conflict"), Fate.CHANGED: t("changed"), Fate.ADDED: t("new")}
    lines = [line for fate in fates for line in changes.lines if line.fate is fate]
    if not lines:
        return
    rows = [(fates[line.fate], t(str(line.kind)), line.what, line.told) for line in lines[:_MOST_LINES]]
    names = [t("What becomes of it"), t("Kind"), t("Line"), t("Change, or why not")]
    st.dataframe(pd.DataFrame(rows, columns=names), hide_index=True, width="stretch")
    if len(lines) > _MOST_LINES:
        st.caption(t("The first {n} of {all} lines.", n=_MOST_LINES, all=len(lines)))


def _write(place: Here, files: Files, *, may_replace: bool) -> None:
    if attempt(
        _HERE, lambda: bring_in(place.desk(), files, may_replace=may_replace), t("All of it is written.")
    ):
        st.session_state[_TAKEN] = st.session_state.get(_TAKEN, 0) + 1
