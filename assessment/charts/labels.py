"""Text for Plotly: names are hostile, and Plotly neither wraps nor escapes.

Plotly reads a subset of HTML in every label (`<a href>`, `<span style>`, `<b>`), entities, `%{…}` in templates and,
where MathJax is loaded, `$…$`. What people typed goes through here and comes out as the characters they typed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_LINE_BREAK = "<br>"
# Fewer columns than this say nothing of a name.
_LEAST_NAME = 3
# `$` and `%` become entities: Plotly looks for formulas and templates before it decodes entities.
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;"})
# Embeddings, overrides and isolates would turn round what follows the name; letters bring their own direction.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def escaped(text: str) -> str:
    """The text on one line, with nothing left that Plotly interprets.

    >>> escaped('<b>R&D</b> %{x} $5')
    '&lt;b&gt;R&amp;D&lt;/b&gt; &#37;{x} &#36;5'
    """
    return _escape(_clean(text))


# Kept, because a matrix asks for the same few names for each of a thousand cells.
@lru_cache(maxsize=4096)
def wrapped(text: str, width: int, most_lines: int = 12) -> str:
    """The text escaped, in lines of at most `width` columns; what doesn't fit ends visibly in '…'.

    >>> wrapped("Roles and decision rights", 12), wrapped("Roles and decision rights", 12, 1)
    ('Roles and<br>decision<br>rights', 'Roles and…')
    """
    return _LINE_BREAK.join(_escape(line) for line in _lines(_clean(text), width, most_lines))


def with_end(text: str, width: int) -> str:
    """The text escaped on one line of at most `width` columns; its part after the last comma is cut last.

    A domain's label is its name and its country: where twins stand together, the country alone tells them apart.

    >>> with_end("Customer service, Japan", 18), with_end("Sales, Japan", 18)
    ('Customer…, Japan', 'Sales, Japan')
    """
    name, _, end = _clean(text).rpartition(", ")
    room = width - text_columns(end) - 2
    if not name or text_columns(name) <= room or room < _LEAST_NAME:
        return wrapped(text, width, 1)
    return f"{wrapped(name, room, 1)}, {_escape(end)}"


def line_count(label: str) -> int:
    """How many lines a wrapped label takes."""
    return label.count(_LINE_BREAK) + 1


@lru_cache(maxsize=4096)
def is_cut(text: str, width: int, most_lines: int) -> bool:
    """Whether `wrapped` leaves out a part, which a hover text must then give."""
    return len(list(_all_lines(_clean(text), width))) > most_lines


def text_columns(text: str) -> int:
    """The width of a text in columns of a Latin letter: East Asian characters take two, combining marks none.

    >>> text_columns("Japan"), text_columns("日本")
    (5, 4)
    """
    return sum(_columns(character) for character in text)


def _escape(text: str) -> str:
    return text.translate(_ENTITIES).replace("%{", "&#37;{")


def _clean(text: str) -> str:
    return " ".join("".join(_printable(character) for character in text).split())


def _printable(character: str) -> str:
    category = unicodedata.category(character)
    if character in _TURNING:
        return ""
    # A lone surrogate can't be encoded: it would take the whole page down.
    return {"Cc": " ", "Cs": "\ufffd"}.get(category, character)


def _lines(text: str, width: int, most_lines: int) -> list[str]:
    lines = list(_all_lines(text, width))
    if len(lines) <= most_lines:
        return lines or [""]
    last = lines[most_lines - 1]
    while text_columns(last) > width - 1:
        last = last[:-1]
    return [*lines[: most_lines - 1], last.rstrip() + "…"]


def _all_lines(text: str, width: int) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if text_columns(longer) <= width:
            line = longer
            continue
        if line:
            yield line
        *full, line = _pieces(word, width)
        yield from full
    if line:
        yield line


def _pieces(word: str, width: int) -> list[str]:
    """A word cut where it must be; a combining mark stays with its letter."""
    pieces, room = [""], width
    for character in word:
        needed = _columns(character)
        if needed > room:
            pieces.append("")
            room = width
        pieces[-1] += character
        room -= needed
    return pieces


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
