"""The order of versions."""

from __future__ import annotations


def version_key(version: str) -> tuple[int, ...]:
    """Sorts versions as numbers: 1.10.0 comes after 1.9.0."""
    return tuple(int(part) for part in version.split("."))
