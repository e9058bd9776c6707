"""Where the pages are; every link and the main script take them from here."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).resolve().parent.parent / "pages"


def _file(name: str) -> str:
    return str(_FOLDER / f"{name}.py")


START = _file("start")
TASKS = _file("tasks")
ANSWER = _file("answer")
CHECK = _file("check")
CONTEXT = _file("context")
RESULT = _file("result")
OVERVIEW = _file("overview")
READINESS = _file("readiness")
COMMON = _file("common")
PROGRESS = _file("progress")
REVIEW = _file("review")
QUESTIONNAIRES = _file("questionnaires")
WORKSPACE = _file("workspace")
METHOD = _file("method")
OFFLINE = _file("offline")
PEOPLE = _file("people")
HISTORY = _file("history")
REQUESTS = _file("requests")
ROUNDS = _file("rounds")

#: Where the session keeps the first page of the role, for the address that names none.
FIRST = "first page"
