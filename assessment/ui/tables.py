"""Tables on a page, to read: names as text, and no file but those that `assessment.ui.charting` gives out."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from assessment.ui.text import plain

#: A static table is drawn cell by cell: with more rows than this it keeps a page waiting, and only what is in sight is drawn.
MOST_STATIC = 30
_NUMBER = re.compile(r"[+−-]?\d+(\.\d+)?")


def draw_table(table: pd.DataFrame) -> None:
    """The table with every cell as it was written."""
    shown = table.copy()
    if len(shown) > MOST_STATIC:
        shown.columns = pd.Index(_unlike([str(name) for name in table.columns]))
        st.dataframe(shown, hide_index=True)
        return
    shown = shown.map(_as_text)
    shown.columns = pd.Index(_unlike([plain(str(name)) for name in table.columns]))
    st.table(shown, hide_index=True)


def _unlike(names: Sequence[str]) -> list[str]:
    """The names with their number where one comes again: two columns that are drawn can't have one name."""
    return [name if name not in names[:place] else f"{name} ({place})" for place, name in enumerate(names)]


def _as_text(cell: object) -> object:
    return plain(cell) if isinstance(cell, str) and not _NUMBER.fullmatch(cell) else cell
