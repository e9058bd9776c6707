"""The lock: what each published version means, as a hash, and beside each version what that was.

`LOCK` decides whether a file may be loaded. The copy beside it (`….locked.json`) only explains a refusal, and counts
only when it has the locked hash itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assessment import errors
from assessment.errors import Problem
from assessment.questionnaire.differences import differences
from assessment.questionnaire.models import Questionnaire, Status
from assessment.questionnaire.verdicts import VerdictRules

LOCK_NAME = "LOCK"
#: How many changes a refusal lists.
CHANGES_SHOWN = 5
_NOT_MEANING = {"status", "published_on"}

Lockable = Questionnaire | VerdictRules


@dataclass(frozen=True, slots=True)
class Loaded:
    """One versioned value and the file that it came from, relative to the folder of questionnaires."""

    value: Lockable
    source: str


def content_hash(value: Lockable) -> str:
    """SHA-256 of what the version means: the parsed model without its status and publication date.

    What has its default is left out, so that a field that a later program adds changes no hash of today.
    """
    return _hash(_meaning(value))


def _meaning(value: Lockable) -> dict[str, Any]:
    return value.model_dump(mode="json", exclude=_NOT_MEANING, exclude_defaults=True)


def _hash(meaning: Mapping[str, Any]) -> str:
    text = json.dumps(meaning, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def read_lock(folder: Path) -> tuple[dict[str, str], list[Problem]]:
    """The locked hashes by `id@version`, and what is wrong with the lock itself."""
    file = folder / LOCK_NAME
    locked: dict[str, str] = {}
    problems = []
    try:
        text = file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""
    except OSError as error:
        return {}, [errors.FILE_UNREADABLE.at(LOCK_NAME, 0, reason=error.strerror)]
    for number, line in enumerate(text.splitlines(), 1):
        reference, _, digest = line.partition(" ")
        if "@" not in reference or not digest.startswith("sha256:"):
            problems.append(errors.LOCK_LINE.at(LOCK_NAME, number, line=line))
        elif reference in locked:
            problems.append(errors.LOCK_TWICE.at(LOCK_NAME, number, reference=reference))
        else:
            locked[reference] = digest
    return locked, problems


def mismatches(folder: Path, loaded: Iterable[Loaded], locked: Mapping[str, str]) -> list[Problem]:
    """Published versions that aren't locked, and locked ones that mean something else by now."""
    problems = []
    for entry in loaded:
        reference, found = entry.value.reference, content_hash(entry.value)
        if reference in locked and locked[reference] != found:
            problems.append(_changed(folder, entry, locked[reference], found))
        elif reference not in locked and entry.value.status is not Status.DRAFT:
            problems.append(errors.LOCK_MISSING.at(entry.source, 0, reference=reference, lock=LOCK_NAME))
    return problems


def write_entries(folder: Path, new: Iterable[Loaded], locked: Mapping[str, str]) -> None:
    """Adds `new` to the lock, and writes beside each file what it means now."""
    listing = list(new)
    for entry in listing:
        text = json.dumps(_meaning(entry.value), ensure_ascii=False, indent=1) + "\n"
        _copy_of(folder, entry).write_text(text, encoding="utf-8")
    entries = dict(locked) | {entry.value.reference: content_hash(entry.value) for entry in listing}
    lines = "".join(f"{reference} {digest}\n" for reference, digest in sorted(entries.items()))
    (folder / LOCK_NAME).write_text(lines, encoding="utf-8")


def _changed(folder: Path, entry: Loaded, locked: str, found: str) -> Problem:
    return errors.LOCK_MISMATCH.at(
        entry.source, 0, reference=entry.value.reference,
        found=_short(found), locked=_short(locked), changes=_changes(folder, entry, locked),
    )  # fmt: skip


def _changes(folder: Path, entry: Loaded, locked: str) -> str:
    """What changed since the version was locked, one change a line; nothing when the copy can't be trusted."""
    try:
        was = json.loads(_copy_of(folder, entry).read_text(encoding="utf-8"))
        is_trusted = isinstance(was, dict) and _hash(was) == locked
    except (OSError, ValueError, RecursionError):
        return ""
    if not is_trusted:
        return ""
    found = [str(difference) for difference in differences(was, _meaning(entry.value))]
    more = [f"… and {len(found) - CHANGES_SHOWN} more"] if len(found) > CHANGES_SHOWN else []
    return "".join(f"\n    {line}" for line in [*found[:CHANGES_SHOWN], *more])


def _copy_of(folder: Path, entry: Loaded) -> Path:
    file = folder / entry.source
    return file.with_name(f"{file.stem}.locked.json")


def _short(digest: str) -> str:
    return digest[:19] + "…"
