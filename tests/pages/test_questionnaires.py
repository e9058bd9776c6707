"""The author's page: a version as its readers see it, what they would stumble over, and what changed since another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from assessment.access import Role
from assessment.questionnaire.folder import write_lock
from assessment.store.engine import Store
from tests.pages.conftest import Open
from tests.pages.test_answering import said
from tests.questionnaire.builders import dimension, put, question, questionnaire

PUBLISHED = {"id": "seas", "title": "Seas", "status": "published", "published_on": "2026-01-01"}
CROSSWALK = """\
questionnaire: seas
from: 1.0.0
to: 2.0.0
all_others: same
questions:
  - {question: crew, relation: clarified, reason: Says whose crew.}
  - {question: tide, relation: new, reason: Nobody asked before.}
  - {question: wind, relation: retired, reason: It is the same for all.}
"""


@pytest.fixture
def folder(tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A published version, and a draft after it with a crosswalk."""
    place = tmp_path / "questionnaires"
    put(
        place,
        questionnaire(dimension("water", question("ship"), question("crew"), question("wind")), **PUBLISHED),
    )
    write_lock(place)
    later = [
        question("ship", weight=3),
        question("crew", prompt="Who is often the crew of it?"),
        question("tide"),
    ]
    put(place, questionnaire(dimension("water", *later), id="seas", title="Seas", version="2.0.0"))
    (place / "crosswalks" / "seas").mkdir(parents=True)
    (place / "crosswalks" / "seas" / "1.0.0--2.0.0.yaml").write_text(CROSSWALK, encoding="utf-8")
    monkeypatch.setenv("MESH_READINESS_QUESTIONNAIRES", str(place))
    st.cache_resource.clear()
    yield place
    st.cache_resource.clear()


def test_a_version_shows_its_questions_first(folder: Path, open_as: Open):
    app = open_as(Role.AUTHOR, "questionnaires", version="seas@2.0.0")
    assert not app.exception
    assert {"Who is the ship?", "Who is often the crew of it?", "Who is the tide?"} <= {
        entry.label for entry in app.expander
    }


def test_the_findings_are_those_of_the_command(folder: Path, open_as: Open):
    app = open_as(Role.AUTHOR, "questionnaires", version="seas@2.0.0", part="findings")
    assert not app.exception
    assert "often" in said(app)
    assert "Q503" in said(app)


def test_the_changes_name_each_question_with_what_the_crosswalk_says(folder: Path, open_as: Open):
    app = open_as(Role.AUTHOR, "questionnaires", version="seas@2.0.0", part="changes")
    assert not app.exception
    assert app.selectbox(key="compared").value == "1.0.0"
    labels = [entry.label for entry in app.expander]
    assert "New: Who is the tide?" in labels
    assert "Retired: Who is the wind?" in labels
    assert "Other words, same meaning: Who is often the crew of it?" in labels
    for words in ("Says whose crew.", "Nobody asked before.", "a major version"):
        assert words in said(app), words
    (weights,) = [frame.value for frame in app.dataframe if "It weighs" in frame.value]
    assert weights.iloc[0].to_list() == ["About water", 1.0, 3.0, 1.0, 5.0]


def test_without_a_crosswalk_it_says_what_follows(folder: Path, open_as: Open):
    (folder / "crosswalks" / "seas" / "1.0.0--2.0.0.yaml").unlink()
    st.cache_resource.clear()
    app = open_as(Role.AUTHOR, "questionnaires", version="seas@2.0.0", part="changes")
    assert "No crosswalk leads from one to the other" in said(app)
    assert "Other words that may mean something else: Who is often the crew of it?" in [
        entry.label for entry in app.expander
    ]


def test_a_questionnaire_with_one_version_has_nothing_to_compare(open_as: Open):
    app = open_as(Role.AUTHOR, "questionnaires", part="changes")
    assert not app.exception
    assert any("no other version yet" in entry.value for entry in app.info)
