"""The workspace of words, made once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assessment.questionnaire.catalogue import Catalogue
from assessment.store.engine import open_store
from tests.access import canaries


@pytest.fixture(scope="session")
def told_file(migrated_file: Path, catalogue: Catalogue) -> Path:
    """An SQLite file with the workspace of words; nothing here changes it but what is on record of reading."""
    file = Path(shutil.copy(migrated_file, migrated_file.with_name("told.db")))
    store = open_store(f"sqlite:///{file}")
    canaries.fill(store, catalogue)
    store.engine.dispose()
    return file
