"""A page of Streamlit's own widgets and nothing else, like the cards of a section; what its clicks cost is the machine's.

Nothing is stored, asked or counted. It says what a card says, for the same stopwatch to find.
"""

from __future__ import annotations

import streamlit as st

CARDS = 6
_LEVELS = (
    "1 Initial",
    "2 Emerging",
    "3 Defined",
    "4 Managed",
    "5 Optimising",
    "Don't know yet",
    "Not applicable",
)
_CAPTION = "As many words as a level's descriptor has on an ordinary page of questions."


@st.fragment
def _card(number: int) -> None:
    with st.container(border=True, key=f"card-{number}"):
        captions = [_CAPTION] * len(_LEVELS)
        chosen = st.radio("Level", _LEVELS, index=None, captions=captions, key=f"level-{number}")
        before = st.session_state.get("before", {}).get(number)
        if chosen:
            st.caption(f"Undo: back to {before}" if before else "Saved just now")
        st.session_state.setdefault("before", {})[number] = chosen


for card in range(CARDS):
    _card(card)
