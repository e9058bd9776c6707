"""Names and comments as text: Streamlit reads Markdown nearly everywhere, and people may write anything."""

from __future__ import annotations

import re

# Everything that Streamlit's Markdown gives a meaning, colons (icons, colours) and dollars (formulas) included.
_MEANINGFUL = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&@^=])")
_BREAKS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


def plain(text: str) -> str:
    r"""The text as Markdown that shows exactly it, on one line.

    >>> plain("![x](http://a)")
    '\\!\\[x\\]\\(http\\:\\/\\/a\\)'
    """
    return _MEANINGFUL.sub(r"\\\1", _BREAKS.sub(" ", text)).replace("/", r"\/")
