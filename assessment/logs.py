"""Logging for operators: one line an event, text for eyes or JSON for machines."""

from __future__ import annotations

import json
import logging
import re
import uuid
from datetime import UTC, datetime
from typing import Literal

from assessment.metrics import count_incident

_ROOT = "assessment"
_CONTROL = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]")
_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


class _JsonLines(logging.Formatter):
    """JSON escapes line breaks, so that nobody's comment can forge a second log line."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "event": record.getMessage(),
            **{key: value for key, value in vars(record).items() if key not in _PLAIN},
        }
        if record.exc_info:
            entry["trace"] = self.formatException(record.exc_info)
        return json.dumps(entry, default=str)


class _TextLines(logging.Formatter):
    """Escapes what would begin a new line or colour the terminal, for the same reason."""

    def format(self, record: logging.LogRecord) -> str:
        extras = {key: value for key, value in vars(record).items() if key not in _PLAIN}
        line = f"{record.levelname.lower():7} {_CONTROL.sub(_escaped, record.getMessage())}"
        line += "".join(f" {key}={json.dumps(value, default=str)}" for key, value in extras.items())
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def _escaped(character: re.Match[str]) -> str:
    return character.group().encode("unicode_escape").decode()


def configure_logging(level: str, form: Literal["text", "json"]) -> None:
    """Send the application's own events to standard error; safe to call more than once."""
    handler = logging.StreamHandler()
    handler.setFormatter(_JsonLines() if form == "json" else _TextLines())
    logger = logging.getLogger(_ROOT)
    logger.handlers = [handler]
    logger.setLevel(level)
    logger.propagate = False


def log_incident(logger: logging.Logger, error: Exception) -> str:
    """Logs the trace of a fault of ours under a number, counts it, and gives the number for who met it."""
    incident = uuid.uuid4().hex[:8]
    logger.error("incident %s", incident, exc_info=error)
    count_incident()
    return incident
