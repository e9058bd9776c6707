"""The address without a page: it leads on to the first page that the role has a use for.

Streamlit gives the page that it starts with no address of its own, and calls one that somebody types "not found".
"""

import streamlit as st

from assessment.ui.navigation import FIRST

st.switch_page(st.session_state[FIRST], query_params=st.query_params.to_dict())
