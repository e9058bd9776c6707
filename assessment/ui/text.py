"""Names and comments as text: Streamlit reads Markdown nearly everywhere, and people may write anything."""

from __future__ import annotations

import re
from urllib.parse import quote

# Only what Markdown would give a meaning: a label is also what a screen reader says, backslashes included. A colon
# matters before a word (icons, colours) and in an address, some signs only at the start of a line. An address that
# Markdown finds by itself would take the backslashes behind it for a part of it.
_MEANINGFUL = re.compile(r"([\\`*_\[\]<>~$|&]|:(?=[\w/])|(?<=www)\.|^[#+=-]|(?<=^\d)[.)])")
# What an address may hold as it is; the rest, angle brackets and pipes among it, is percent-encoded.
_ADDRESS = ":/?#@!$&'()*+,;=%-._~"
# Embeddings, overrides and isolates would turn round the text beside; letters bring their own direction.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Streamlit looks for these in the text that Markdown has made, where a backslash is gone; a sign that nobody sees parts them.
_ICON, _JOINER = re.compile(r":(?=material/\w+:|streamlit:)"), "\u2060"
_BREAKS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


def plain(text: str) -> str:
    r"""The text as Markdown that shows exactly it, on one line.

    >>> plain("![x](http://a) :red[b]")
    '!\\[x\\](http\\://a) \\:red\\[b\\]'
    >>> plain(":material/delete:").index("material")
    2
    >>> plain("How does someone get another team's data?")
    "How does someone get another team's data?"
    """
    told = _BREAKS.sub(" ", _TURNING.sub("", text)).strip()
    return _MEANINGFUL.sub(r"\\\1", _ICON.sub(f":{_JOINER}", told))


def in_lines(text: str) -> str:
    r"""The text as `plain` makes it, line by line as it was written; empty lines go.

    >>> in_lines("One\n\n- *two*")
    'One  \n\\- \\*two\\*'
    """
    return "  \n".join(filter(None, map(plain, text.splitlines())))


def linked(reference: str) -> str:
    r"""A reference as Markdown: a link that leads exactly there when it is an http or https address, else plain text.

    >>> linked("https://a.b/c?d=e"), linked("Minutes of March")
    ('[https\\://a.b/c?d=e](<https://a.b/c?d=e>)', 'Minutes of March')
    """
    if not re.match(r"https?://\S+$", reference):
        return plain(reference)
    return f"[{plain(reference)}](<{quote(reference, safe=_ADDRESS)}>)"
