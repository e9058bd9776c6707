"""What the fields of a statement's widgets say together: its content, or what it still lacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from assessment.i18n import t
from assessment.questionnaire.companions import ElementUse
from assessment.statements import Position, StatementKind

#: What widgets show, by field. The fields are those of the content, but for a share, which is typed in `percent`.
Fields = Mapping[str, Any]
#: Content to store, or None while it isn't whole; then what it lacks, '' when nothing was begun.
Composed = tuple[dict[str, Any] | None, str]


def composed(kind: StatementKind, fields: Fields, *, was_said: bool) -> Composed:
    """The content of one statement; nothing chosen is no statement, unless it takes back one that `was_said`."""
    return _COMPOSERS[kind](fields, was_said)


def _text(value: object) -> str:
    """What was typed; spaces around it are no edit."""
    return str(value or "").strip()


def _fact(fields: Fields, was_said: bool) -> Composed:
    value = _share(fields["percent"]) if "percent" in fields else fields.get("value")
    if isinstance(value, str):
        value = value.strip() or None
    return ({"value": value} if value is not None or was_said else None), ""


def _share(percent: float | None) -> float | None:
    # Without the rounding 7 % would sometimes come back as another number than the one that was stored.
    return None if percent is None else round(percent / 100, 12)


def _element(fields: Fields, _was_said: bool) -> Composed:
    use = fields.get("use")
    if use is None:
        return None, ""
    if use in (ElementUse.SAME, ElementUse.UNUSED):
        return {"use": use, "reason": ""}, ""
    reason = _text(fields.get("reason"))
    return ({"use": use, "reason": reason} if reason else None), t("a difference needs its reason.")


def _principle(fields: Fields, _was_said: bool) -> Composed:
    position = fields.get("position")
    if position is None:
        return None, ""
    if position == Position.ADOPTED:
        return {"position": position, "reason": "", "review_on": None}, ""
    reason = _text(fields.get("reason"))
    if not reason:
        return None, t("skipping or delaying needs its reason.")
    return {"position": position, "reason": reason, "review_on": _day(fields.get("review_on"))}, ""


def _move(fields: Fields, _was_said: bool) -> Composed:
    if fields.get("state") is None:
        return None, ""
    owner, note = _text(fields.get("owner")), _text(fields.get("note"))
    due_on = _day(fields.get("due_on"))
    return {"state": fields["state"], "owner": owner, "due_on": due_on, "note": note}, ""


def _remark(fields: Fields, was_said: bool) -> Composed:
    written = _text(fields.get("text"))
    return ({"text": written} if written or was_said else None), ""


def _verified(fields: Fields, was_said: bool) -> Composed:
    kind = fields.get("kind")
    return ({"kind": kind} if kind is not None or was_said else None), ""


def _day(value: object) -> str | None:
    """A day as it is stored, of a widget's or a stored one."""
    return value.isoformat() if isinstance(value, date) else _text(value) or None


_COMPOSERS: Mapping[StatementKind, Callable[[Fields, bool], Composed]] = {
    StatementKind.FACT: _fact,
    StatementKind.ELEMENT: _element,
    StatementKind.PRINCIPLE: _principle,
    StatementKind.MOVE: _move,
    StatementKind.REMARK: _remark,
    StatementKind.VERIFIED: _verified,
}
