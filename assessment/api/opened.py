"""What the process opens once for the API: settings, the store, the questionnaires."""

from __future__ import annotations

import os
from functools import cache

from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.folder import load_catalogue
from assessment.settings import Settings, load_settings
from assessment.store import schema
from assessment.store.engine import Store, open_store


@cache
def settings() -> Settings:
    return load_settings(os.environ)


@cache
def store() -> Store:
    return open_store(settings().database_url)


@cache
def checked_store() -> Store:
    """The store, once it was found to have this program's schema."""
    schema.require_current(store())
    return store()


def require_ready() -> None:
    """Nothing, when the questionnaires load and the database answers with this program's schema.

    Raises:
        AssessmentError: Otherwise.
    """
    catalogue()
    schema.require_current(store())


@cache
def catalogue() -> Catalogue:
    return load_catalogue(settings().questionnaires)
