"""What a request's headers ask for: which form of a table, and whether what they have is still the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum


class Form(StrEnum):
    JSON = "json"
    CSV = "csv"


#: What each form is called in HTTP; the first is given to who takes any.
MEDIA_TYPES = {Form.JSON: "application/json", Form.CSV: "text/csv"}
_RANGE = re.compile(r"\s*([!#$%&'*+.^_`|~\w-]+)/([!#$%&'*+.^_`|~\w-]+)\s*((?:;[^,]*)?)\s*", re.ASCII)
_QUALITY = re.compile(r";\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*(?:;|$)", re.IGNORECASE)
_TAG = re.compile(r'(?:W/)?("[^"]*")')


def wanted_form(accept: str | None) -> Form | None:
    """The form that `Accept` likes best, JSON where it likes both alike or says nothing; None: it takes neither.

    >>> wanted_form("text/csv, application/json;q=0.5"), wanted_form("*/*"), wanted_form("text/html")
    (<Form.CSV: 'csv'>, <Form.JSON: 'json'>, None)
    """
    if not accept or not accept.strip():
        return Form.JSON
    ranges = list(_ranges(accept))
    liked = {form: _quality(media_type, ranges) for form, media_type in MEDIA_TYPES.items()}
    best = max(liked, key=liked.__getitem__)
    return best if liked[best] > 0 else None


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    """The media ranges with how much each is liked; what isn't one is passed over."""
    for part in accept.split(","):
        found = _RANGE.fullmatch(part)
        if found:
            quality = _QUALITY.search(found[3])
            yield f"{found[1]}/{found[2]}".lower(), min(float(quality[1]), 1.0) if quality else 1.0


def _quality(media_type: str, ranges: list[tuple[str, float]]) -> float:
    """How much a media type is liked: the range that names it most exactly decides."""
    for matching in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
        found = [quality for name, quality in ranges if name == matching]
        if found:
            return max(found)
    return 0.0


def is_unchanged(if_none_match: str | None, tag: str) -> bool:
    """Whether `If-None-Match` names this entity tag, or any.

    >>> is_unchanged('"a", W/"b"', '"b"'), is_unchanged("*", '"b"'), is_unchanged(None, '"b"')
    (True, True, False)
    """
    given = (if_none_match or "").strip()
    return given == "*" or tag in _TAG.findall(given)
