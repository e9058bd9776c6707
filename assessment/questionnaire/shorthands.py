"""What authors may write shorter: `scale: [...]` and `levels: {...}`, and how both are meant."""

from __future__ import annotations

from typing import Any


def expand_shorthands(data: dict[str, Any]) -> dict[str, Any]:
    """The same questionnaire with `scale: [...]` and `levels: {...}` written out as models hold them.

    Works on unchecked data: whatever has another shape stays as it is, for validation to name.
    """
    scale = data.get("scale")
    expanded = dict(data)
    if isinstance(scale, list | tuple):
        expanded["scale"] = {"levels": scale}
    if isinstance(data.get("dimensions"), list | tuple):
        expanded["dimensions"] = [_expand_dimension(entry) for entry in data["dimensions"]]
    return expanded


def _expand_dimension(data: Any) -> Any:
    if not isinstance(data, dict):
        return data
    expanded = dict(data)
    for key, expand in (("dimensions", _expand_dimension), ("questions", _expand_question)):
        if isinstance(data.get(key), list | tuple):
            expanded[key] = [expand(entry) for entry in data[key]]
    return expanded


def _expand_question(data: Any) -> Any:
    if not isinstance(data, dict) or not isinstance(data.get("levels"), dict) or "options" in data:
        return data
    expanded = {key: value for key, value in data.items() if key != "levels"}
    expanded["options"] = [
        {"id": level, "label": label, "value": int(level) if level.isdecimal() else level}
        for level, label in in_level_order(data["levels"])
    ]
    return expanded


def in_level_order(levels: dict[str, Any]) -> list[tuple[str, Any]]:
    """The entries of `levels: {...}` from the lowest level on, in whatever order they are written."""
    return sorted(levels.items(), key=lambda entry: int(entry[0]) if entry[0].isdecimal() else -1)
