"""Tables on a page, to read: names as text, and no toolbar.

Streamlit's interactive table offers a file of its own, which nobody records, in which a name may run as a formula, and
which holds only what is shown. Files are given out by `assessment.ui.charting`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from assessment.i18n import t
from assessment.ui.text import plain

#: More rows than this aren't read on a page, and would make it slow.
MOST_ROWS = 200
_ROWS_IN_SIGHT, _HEIGHT = 15, 560
_NUMBER = re.compile(r"[+−-]?\d+(\.\d+)?")


def draw_table(table: pd.DataFrame) -> None:
    """The table with every cell as it was written; of a long one the first rows, and how many there are."""
    shown = table.head(MOST_ROWS).map(_as_text)
    shown.columns = pd.Index(_unlike([plain(str(name)) for name in table.columns]))
    st.table(shown, hide_index=True, height=_HEIGHT if len(shown) > _ROWS_IN_SIGHT else "content")
    if len(table) > MOST_ROWS:
        st.caption(t("The first {n} of {all} rows; a file has all.", n=MOST_ROWS, all=len(table)))


def _unlike(names: Sequence[str]) -> list[str]:
    """The names with their number where one comes again: two columns that are drawn can't have one name."""
    return [name if name not in names[:place] else f"{name} ({place})" for place, name in enumerate(names)]


def _as_text(cell: object) -> object:
    return plain(cell) if isinstance(cell, str) and not _NUMBER.fullmatch(cell) else cell
