"""Faults of ours in their own words, on the page; what isn't ours is a bug and goes to `on_script_error`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from assessment.errors import AssessmentError, NoLongerHere
from assessment.ui.text import plain
from assessment.ui.track import keep_what_is_shown


@contextmanager
def told() -> Iterator[None]:
    """Shows what our own code refused, and keeps what answers' widgets show until it can be drawn again.

    For the main script and for each fragment, which runs without the main script.
    """
    try:
        yield
    except NoLongerHere:
        # The whole page, a part of which found out: it says what has ended, and shows nothing else any more.
        st.rerun()
    except AssessmentError as error:
        st.error(plain(str(error)), icon=":material/error:")
        keep_what_is_shown()
