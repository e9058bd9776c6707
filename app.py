"""The composition root: `streamlit run app.py` serves pages, API and headers from one process."""

import logging
import os
import sys

import streamlit as st
from starlette.middleware import Middleware

from assessment.actions.group_roles import group_rules
from assessment.api import routes
from assessment.api.counting import Counted
from assessment.api.entrance import entrance_routes
from assessment.api.straight_in import StraightIn
from assessment.api.uploads import FilesOfThoseSignedIn
from assessment.errors import AssessmentError, NoLongerHere
from assessment.headers import SecurityHeaders
from assessment.i18n import t
from assessment.logs import configure_logging, log_incident
from assessment.proxies import TrustedProxies, believe_no_proxy_but_ours
from assessment.settings import load_settings, require_local
from assessment.ui.arriving import deliver_whole_pages
from assessment.ui.waking import take_all_that_pages_send
from assessment.ui.warming import start_warming


def _tell_and_log(error: Exception) -> bool:
    """Shows an incident number instead of a trace, and logs the trace under it; whose session has ended is no incident."""
    if isinstance(error, NoLongerHere):
        # What a click asks for before the page is drawn; the next run says the rest.
        st.error(str(error), icon=":material/error:")
        return True
    incident = log_incident(logging.getLogger("assessment"), error)
    message = t(
        "Something went wrong here, and it was logged as incident {id}. Saved answers are safe.", id=incident
    )
    st.error(message, icon=":material/error:")
    return True


try:
    settings = load_settings(os.environ)
    require_local(st.get_option("server.address"), settings)
    group_rules(settings.groups)
    entrance = entrance_routes()
except AssessmentError as error:
    sys.exit(str(error))
configure_logging(settings.log_level, settings.log_format)
believe_no_proxy_but_ours()
take_all_that_pages_send()
deliver_whole_pages()
start_warming()
middleware = [
    Middleware(Counted), Middleware(TrustedProxies, settings=settings), Middleware(SecurityHeaders),
    Middleware(FilesOfThoseSignedIn, settings=settings),
]  # fmt: skip
if settings.sign_in in ("oidc", "proxy"):
    middleware.append(Middleware(StraightIn, settings=settings))
app = st.App(
    "assessment/ui/main.py",
    routes=[*routes(), *entrance],
    middleware=middleware,
    on_script_error=_tell_and_log,
)
