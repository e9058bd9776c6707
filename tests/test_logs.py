from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import pytest

from assessment.logs import configure_logging

FORGED = "saved\r\nERROR   all is lost"
LINE_BREAKS = ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"]


Form = Literal["text", "json"]


class Log:
    """The application's log, written to the standard error that `capsys` holds."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def written(self) -> str:
        return self._capsys.readouterr().err

    def line(self, form: Form, *args: Any, **more: Any) -> str:
        """What one event becomes."""
        configure_logging("INFO", form)
        logging.getLogger("assessment.actions").info(*args, **more)
        return self.written()


@pytest.fixture
def log(capsys: pytest.CaptureFixture[str]) -> Iterator[Log]:
    logger = logging.getLogger("assessment")
    handlers, level, propagate = logger.handlers, logger.level, logger.propagate
    yield Log(capsys)
    logger.handlers, logger.propagate = handlers, propagate
    logger.setLevel(level)


def test_json_is_one_object_a_line_with_everything_that_was_said(log: Log) -> None:
    entry = json.loads(log.line("json", "moved %s", "FR", extra={"unit": "FR", "took": 3}))
    at = datetime.fromisoformat(entry.pop("at"))
    assert timedelta(0) <= datetime.now(UTC) - at < timedelta(minutes=1)
    assert at.utcoffset() == timedelta(0)
    assert entry == {
        "level": "INFO",
        "logger": "assessment.actions",
        "event": "moved FR",
        "unit": "FR",
        "took": 3,
    }


@pytest.mark.parametrize("form", ["json", "text"])
@pytest.mark.parametrize("break_", LINE_BREAKS)
def test_nobody_can_forge_a_second_line(log: Log, form: Form, break_: str) -> None:
    forged = f"saved{break_}ERROR   all is lost"
    written = log.line(form, "comment: %s", forged, extra={"comment": forged})
    assert len(written.splitlines()) == 1
    assert "all is lost" in written


def test_json_keeps_the_message_as_it_was(log: Log) -> None:
    entry = json.loads(log.line("json", FORGED, extra={"comment": FORGED}))
    assert (entry["event"], entry["comment"]) == (FORGED, FORGED)


def test_text_is_one_line_an_event_with_its_facts_behind(log: Log) -> None:
    assert log.line("text", "moved", extra={"unit": "FR", "took": 3}) == 'info    moved unit="FR" took=3\n'


def test_text_colours_no_terminal(log: Log) -> None:
    written = log.line("text", "\x1b[31mred\x9b0m", extra={"comment": "\x1b[31m"})
    assert written == 'info    \\x1b[31mred\\x9b0m comment="\\u001b[31m"\n'


def test_text_keeps_letters_of_every_language(log: Log) -> None:
    assert log.line("text", "Données – 数据") == "info    Données – 数据\n"


@pytest.mark.parametrize("form", ["json", "text"])
def test_an_error_comes_with_its_trace(log: Log, form: Form) -> None:
    try:
        raise LookupError(FORGED)
    except LookupError:
        written = log.line(form, "failed", exc_info=True)
    assert "Traceback (most recent call last)" in written
    assert "LookupError" in written
    if form == "json":
        assert len(written.splitlines()) == 1


def test_values_that_json_does_not_know_are_written_as_text(log: Log) -> None:
    entry = json.loads(log.line("json", "x", extra={"when": datetime(2026, 12, 1, tzinfo=UTC)}))
    assert entry["when"] == "2026-12-01 00:00:00+00:00"


def test_configuring_twice_writes_each_event_once(log: Log) -> None:
    configure_logging("INFO", "json")
    assert len(log.line("text", "once").splitlines()) == 1


def test_events_below_the_level_are_left_out(log: Log) -> None:
    configure_logging("ERROR", "text")
    logging.getLogger("assessment.store").warning("quiet")
    logging.getLogger("assessment.store").error("loud")
    assert log.written() == "error   loud\n"


def test_events_of_other_libraries_are_left_to_them(log: Log) -> None:
    configure_logging("INFO", "text")
    root = logging.getLogger()
    assert all(handler not in root.handlers for handler in logging.getLogger("assessment").handlers)
    assert not logging.getLogger("assessment").propagate
