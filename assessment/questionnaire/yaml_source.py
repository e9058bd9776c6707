"""A careful reading of YAML: plain data with the line of every value, and every fault at once.

Stricter than YAML on purpose, each rule after an accident that happened elsewhere: no anchors and aliases (bombs), no
tags, no duplicate keys (one silently wins), `yes`, `no`, `on`, `off` and dates stay text (SAMM's answer "No" loads
as False), keys are always text, sizes and depth are bounded (PyYAML's C reader crashes on deep nesting).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from assessment import errors
from assessment.errors import Problem

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_VALUES = 50_000
MAX_TEXT = 20_000
MAX_KEY = 200

Path = tuple[str | int, ...]

_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FRACTION = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
# What YAML refuses, such as NUL and halves of surrogate pairs, and the line breaks that only YAML takes for such:
# below them every line number would be wrong. Neither may come in as an escape.
_UNFIT = re.compile(yaml.reader.Reader.NON_PRINTABLE.pattern + r"|[\x85\u2028\u2029]")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(slots=True)
class Document:
    """What a file says: `data`, the line of each value by its path, and what is wrong with it as YAML.

    `written` has the words of values that are not text; `unread` the paths whose value was refused as YAML, so that
    nobody complains about what stands there instead.
    """

    source: str
    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    written: dict[Path, str] = field(default_factory=dict)
    unread: set[Path] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """The line of the value at `path`, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class _Stop(Exception):
    """Reading can't go on; the problem is recorded."""


def read_yaml(content: bytes, source: str) -> Document:
    """The document in `content`; its `problems` say what could not be taken.

    `source` names the file in messages. Never raises on bad content; `data` is None when nothing could be read.
    """
    document = Document(source)
    if len(content) > MAX_BYTES:
        document.problems.append(errors.FILE_TOO_LARGE.at(source, 0, size=len(content), limit=MAX_BYTES))
        return document
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        document.problems.append(errors.FILE_NOT_UTF8.at(source, line, byte=error.start + 1))
        return document
    _Reader(document).read(text)
    return document


def values_named(document: Document, *keys: str) -> Iterator[tuple[Path, str]]:
    """Every text at one of `keys`, or in a list there, at any depth and in the file's order, with its path."""
    stack: list[tuple[Path, str, Any]] = [((), "", document.data)]
    while stack:
        path, name, value = stack.pop()
        if isinstance(value, dict):
            stack += [((*path, key), key, part) for key, part in reversed(value.items())]
        elif isinstance(value, list):
            stack += [((*path, index), name, part) for index, part in reversed([*enumerate(value)])]
        elif isinstance(value, str) and name in keys:
            yield path, value


class _Reader:
    """Builds plain data from YAML's event stream, which PyYAML yields without recursion."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._values = 0

    def read(self, text: str) -> None:
        if unfit := _UNFIT.search(text):
            reason = f"the character U+{ord(unfit.group()):04X} is not allowed; remove it"
            self._syntax(text.count("\n", 0, unfit.start()) + 1, reason)
            return
        loader = yaml.SafeLoader(text)
        events = iter(loader.get_event, None)
        try:
            first = next(event for event in events if not isinstance(event, yaml.StreamStartEvent))
            if isinstance(first, yaml.StreamEndEvent):
                self._report(errors.YAML_EMPTY, None)
                return
            self._document.data = self._value(next(events), events, (), 0)
            self._expect_one_document(events)
        except _Stop:
            pass
        except yaml.YAMLError as error:
            self._report_syntax(error)
        except (ValueError, OverflowError):
            # PyYAML turns the digits of escapes and directives into numbers without looking at them.
            self._syntax(loader.line + 1, "a number in an escape or a directive is too large")

    def _expect_one_document(self, events: Iterator[yaml.Event]) -> None:
        extra = next((event for event in events if isinstance(event, yaml.DocumentStartEvent)), None)
        if extra is not None:
            self._report(errors.YAML_SYNTAX, extra, reason="a second document starts here; a file holds one")

    def _value(self, event: yaml.Event, events: Iterator[yaml.Event], path: Path, depth: int) -> Any:
        self._document.lines.setdefault(path, _line(event))
        self._guard(event, depth)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "tag", None):
            self._document.unread.add(path)
        if isinstance(event, yaml.AliasEvent):
            return None
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, path, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, path, depth)
        assert isinstance(event, yaml.ScalarEvent), "every other event ends a list, a mapping or the document"
        return self._scalar(event, path)

    def _guard(self, event: yaml.Event, depth: int) -> None:
        self._values += 1
        self._guard_marks(event)
        if depth > MAX_DEPTH:
            self._report(errors.YAML_TOO_DEEP, event, limit=MAX_DEPTH)
            raise _Stop
        if self._values > MAX_VALUES:
            self._report(errors.YAML_TOO_MANY, event, limit=MAX_VALUES)
            raise _Stop

    def _guard_marks(self, event: yaml.Event) -> None:
        if anchor := getattr(event, "anchor", None):
            mark = "*" if isinstance(event, yaml.AliasEvent) else "&"
            self._report(errors.YAML_ALIAS, event, name=f"{mark}{anchor}")
        if tag := getattr(event, "tag", None):
            self._report(errors.YAML_TAG, event, tag=tag.replace("tag:yaml.org,2002:", "!!"))

    def _sequence(self, events: Iterator[yaml.Event], path: Path, depth: int) -> list[Any]:
        values: list[Any] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            values.append(self._value(event, events, (*path, len(values)), depth + 1))
        return values

    def _mapping(self, events: Iterator[yaml.Event], path: Path, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._key(event)
            where = (*path, key)
            duplicate = key in values
            if duplicate:
                self._report(errors.YAML_DUPLICATE_KEY, event, key=key, first=self._document.lines[where])
                where = (*path, f"{key} (again, line {_line(event)})")
            # A value's own line can be below its key's (folded text); people look for the key.
            self._document.lines[where] = _line(event)
            value = self._value(next(events), events, where, depth + 1)
            if not duplicate:
                values[key] = value
        return values

    def _key(self, event: yaml.Event) -> str:
        self._guard_marks(event)
        if not isinstance(event, yaml.ScalarEvent):
            if not isinstance(event, yaml.AliasEvent):
                self._report(errors.YAML_KEY_NOT_TEXT, event)
            raise _Stop
        return self._text(event, MAX_KEY)

    def _scalar(self, event: yaml.ScalarEvent, path: Path) -> Any:
        text = self._text(event, MAX_TEXT)
        if len(text) < len(event.value):
            self._document.unread.add(path)
        value = _plain(text) if event.implicit[0] else text
        if not isinstance(value, str):
            self._document.written[path] = text
        return value

    def _text(self, event: yaml.ScalarEvent, limit: int) -> str:
        text = str(event.value)
        if unfit := _UNFIT.search(text):
            self._syntax(_line(event), f"the escape of U+{ord(unfit.group()):04X} is not allowed; remove it")
            raise _Stop
        if len(text) > limit:
            self._report(errors.YAML_TEXT_TOO_LONG, event, size=len(text), limit=limit)
        return text[:limit]

    def _report(self, message: errors.Message, event: yaml.Event | None, **values: object) -> None:
        line = _line(event) if event is not None else 1
        self._document.problems.append(message.at(self._document.source, line, **values))

    def _report_syntax(self, error: yaml.YAMLError) -> None:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or str(error).splitlines()[0]
        if "\\t" in str(reason):
            reason = "a tab is used for indentation; use spaces"
        self._syntax(mark.line + 1 if mark else 1, str(reason))

    def _syntax(self, line: int, reason: str) -> None:
        self._document.problems.append(errors.YAML_SYNTAX.at(self._document.source, line, reason=reason))


def _line(event: yaml.Event) -> int:
    assert event.start_mark is not None, "the parser marks every event"
    return int(event.start_mark.line) + 1


def _plain(text: str) -> Any:
    """The value of an unquoted scalar: true, false, null, a decimal number, else the text itself."""
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text) and len(text) < 16:
        return int(text)
    if _FRACTION.fullmatch(text) and len(text) < 32:
        return float(text)
    return text
