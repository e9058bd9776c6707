"""What tests of actions share: an invented workspace with several rounds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from assessment import demo
from assessment.actions.workspace import fill_with_demo
from assessment.questionnaire.catalogue import Catalogue
from assessment.store.engine import Store, open_store
from tests.store import small


@pytest.fixture(scope="session")
def invented(
    migrated_file: Path, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """A synthetic workspace, made once: nothing here changes it but the record of what was exported."""
    file = shutil.copy(migrated_file, tmp_path_factory.mktemp("invented") / "store.db")
    store = open_store(f"sqlite:///{file}")
    fill_with_demo(small.desk_for(store, catalogue, small.ADMINISTRATOR), demo.Size(2, 2, 3))
    yield store
    store.engine.dispose()
