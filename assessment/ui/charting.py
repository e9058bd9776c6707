"""A figure on a page with all that belongs to it: headline, subtitle, source, table, data and picture."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from assessment.access import Action
from assessment.actions.exporting import export_table, file_name
from assessment.charts.theme import CONFIG, Words
from assessment.i18n import t
from assessment.ui.filters import View
from assessment.ui.session import Here
from assessment.ui.tables import draw_table
from assessment.ui.text import plain

#: What the camera of an exported picture makes: sharp on a slide.
_PICTURE = {"displayModeBar": True, "modeBarButtons": [["toImage"]]}
_PICTURE_WIDTH, _PICTURE_SCALE = 1120, 2


@dataclass(frozen=True)
class Picture:
    """A figure and its words, all computed from one finding.

    `draw` makes the figure, with headline and source in it where its argument is True: for a file, because a page sets
    them itself, in type that wraps. `table` is what people read, `data` the same with full precision (None: the
    table). `units` are those whose numbers it holds: whoever may not export one of them is offered no file.
    """

    key: str
    headline: str
    subtitle: str
    source: str
    table: pd.DataFrame
    draw: Callable[[bool], go.Figure]
    units: Collection[str]
    data: pd.DataFrame | None = None


def words_of(headline: str, subtitle: str, source: str, *, titled: bool) -> Words:
    """What is drawn around a figure: all of it in a file, nothing on a page, which sets it itself."""
    return Words(source, headline=headline, subtitle=subtitle) if titled else Words("")


def show(place: Here, view: View, picture: Picture, **options: Any) -> None:
    """Draws the picture; its table and files on request. `options` go to `st.plotly_chart`."""
    st.subheader(plain(picture.headline), anchor=False)
    st.caption(plain(picture.subtitle))
    st.plotly_chart(
        picture.draw(False), theme=None, width="stretch", alt=picture.headline, key=picture.key, config=dict(CONFIG),
        **options,
    )  # fmt: skip
    st.caption(plain(picture.source))
    # Not computed, sent or drawn until somebody opens it.
    box = st.expander(
        t("Table, data and picture"), key=f"{picture.key}-more", on_change="rerun", icon=":material/table:"
    )
    if box.open:
        with box:
            _files(place, view, picture)


def source_line(place: Here, view: View, *parts: str) -> str:
    """Where the numbers come from: the round, the versions asked, what the page adds, and whether it is invented."""
    versions = ", ".join(f"{name}@{version}" for name, version in view.pinned.items())
    synthetic = t("Synthetic data") if place.is_synthetic else ""
    told = " · ".join(filter(None, [view.round.title, versions, *parts, synthetic]))
    return t("Source: {parts}", parts=told)


def _files(place: Here, view: View, picture: Picture) -> None:
    # Without units, numbers are the workspace's as a whole.
    wanted: Collection[str | None] = picture.units or (None,)
    draw_table(picture.table)
    if not all(place.may(Action.EXPORT, unit) for unit in wanted):
        return
    desk, data = place.desk(), picture.table if picture.data is None else picture.data
    name = file_name(view.round.id, None, desk.at, is_synthetic=place.is_synthetic, subject=picture.key)
    st.download_button(
        t("Download these numbers (CSV)"),
        data=lambda: export_table(place.desk(), name, data, picture.units),
        file_name=name,
        mime="text/csv",
        key=f"{picture.key}-data",
        icon=":material/download:",
    )
    st.caption(t("The picture with its headline; the camera at its top right saves it (PNG)."))
    figure = picture.draw(True)
    image = {"filename": name.removesuffix(".csv"), "width": _PICTURE_WIDTH, "height": figure.layout.height, "scale": _PICTURE_SCALE}  # fmt: skip
    st.plotly_chart(
        figure, theme=None, width="stretch", alt=picture.headline, key=f"{picture.key}-picture",
        config={**CONFIG, **_PICTURE, "toImageButtonOptions": image},
    )  # fmt: skip
