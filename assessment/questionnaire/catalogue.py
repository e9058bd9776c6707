"""The folder of questionnaires: what there is, and the lock that keeps published versions as they were."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from assessment import errors
from assessment.errors import Problem, QuestionnaireError, listed, suggestion
from assessment.questionnaire.loading import load_questionnaire
from assessment.questionnaire.models import Questionnaire, Status

LOCK_NAME = "LOCK"
FILE_NAME = "questionnaire.yaml"
_NOT_MEANING = {"status", "published_on"}


def content_hash(questionnaire: Questionnaire) -> str:
    """SHA-256 of what the version means: the parsed model without its status and publication date.

    What has its default is left out, so that a field that a later program adds changes no hash of today.
    """
    meaning = questionnaire.model_dump(mode="json", exclude=_NOT_MEANING, exclude_defaults=True)
    text = json.dumps(meaning, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def version_key(version: str) -> tuple[int, ...]:
    """Sorts versions as numbers: 1.10.0 comes after 1.9.0."""
    return tuple(int(part) for part in version.split("."))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every questionnaire version that was loaded, by `id@version`, in order of id and version."""

    questionnaires: Mapping[str, Questionnaire]

    def get(self, identifier: str, version: str) -> Questionnaire:
        """One version.

        Raises:
            QuestionnaireError: There is none such; names near misses.
        """
        reference = f"{identifier}@{version}"
        if reference not in self.questionnaires:
            near = suggestion(reference, self.questionnaires)
            known = listed(self.questionnaires)
            raise QuestionnaireError(
                [errors.VERSION_UNKNOWN.at("catalogue", 0, reference=reference, suggestion=near, known=known)]
            )
        return self.questionnaires[reference]

    def versions(self, identifier: str) -> tuple[str, ...]:
        """The versions of one questionnaire, oldest first."""
        return tuple(q.version for q in self.questionnaires.values() if q.id == identifier)

    def ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(q.id for q in self.questionnaires.values()))

    def latest_published(self) -> tuple[Questionnaire, ...]:
        """The newest published version of each questionnaire."""
        newest = {q.id: q for q in self.questionnaires.values() if q.status is Status.PUBLISHED}
        return tuple(newest.values())


def catalogue_of(questionnaires: Iterable[Questionnaire]) -> Catalogue:
    """A catalogue of questionnaires already in memory."""
    ordered = sorted(questionnaires, key=lambda q: (q.id, version_key(q.version)))
    return Catalogue(MappingProxyType({q.reference: q for q in ordered}))


def load_catalogue(folder: Path) -> Catalogue:
    """Every `<id>/<version>/questionnaire.yaml` below `folder`, published ones checked against the lock.

    Raises:
        QuestionnaireError: With the problems of all files together.
    """
    loaded, problems = _load_files(folder)
    problems += _lock_problems(folder, loaded)
    if problems:
        raise QuestionnaireError(problems)
    return catalogue_of(loaded)


def write_lock(folder: Path) -> list[str]:
    """Lock every published version that isn't yet; returns the references that are new.

    Raises:
        QuestionnaireError: A file has problems, or a locked version has changed: a lock is never renewed.
    """
    loaded, problems = _load_files(folder)
    locked, lock_problems = _read_lock(folder)
    new = [q for q in loaded if q.status is not Status.DRAFT and q.reference not in locked]
    problems += lock_problems + [p for p in _mismatches(loaded, locked) if p.code != errors.LOCK_MISSING.code]
    if problems:
        raise QuestionnaireError(problems)
    entries = locked | {q.reference: content_hash(q) for q in new}
    lines = "".join(f"{reference} {digest}\n" for reference, digest in sorted(entries.items()))
    (folder / LOCK_NAME).write_text(lines, encoding="utf-8")
    return sorted(q.reference for q in new)


def _load_files(folder: Path) -> tuple[list[Questionnaire], list[Problem]]:
    files = sorted(folder.glob(f"*/*/{FILE_NAME}"))
    problems = [] if files else [errors.FOLDER_MISSING.at(str(folder), 0)]
    loaded = []
    for file in files:
        source = str(file.relative_to(folder))
        try:
            questionnaire = load_questionnaire(file.read_bytes(), source)
        except QuestionnaireError as error:
            problems += error.problems
            continue
        except OSError as error:
            problems.append(errors.FILE_UNREADABLE.at(source, 0, reason=error.strerror))
            continue
        loaded.append(questionnaire)
        found, place = questionnaire.reference, f"{file.parent.parent.name}@{file.parent.name}"
        if found != place:
            problems.append(errors.FOLDER_MISMATCH.at(source, 1, found=found, folder=place))
    return loaded, problems


def _lock_problems(folder: Path, loaded: list[Questionnaire]) -> list[Problem]:
    locked, problems = _read_lock(folder)
    problems += _mismatches(loaded, locked)
    present = {f"{file.parent.parent.name}@{file.parent.name}" for file in folder.glob(f"*/*/{FILE_NAME}")}
    for reference in locked:
        if reference not in present:
            problems.append(errors.LOCK_ORPHAN.at(LOCK_NAME, 0, reference=reference))
    return problems


def _mismatches(loaded: list[Questionnaire], locked: Mapping[str, str]) -> list[Problem]:
    problems = []
    for questionnaire in loaded:
        reference = questionnaire.reference
        if questionnaire.status is Status.DRAFT and reference not in locked:
            continue
        source = f"{questionnaire.id}/{questionnaire.version}/{FILE_NAME}"
        found = content_hash(questionnaire)
        if reference not in locked:
            problems.append(errors.LOCK_MISSING.at(source, 0, reference=reference, lock=LOCK_NAME))
        elif locked[reference] != found:
            problems.append(
                errors.LOCK_MISMATCH.at(
                    source, 0, reference=reference, found=_short(found), locked=_short(locked[reference])
                )
            )
    return problems


def _read_lock(folder: Path) -> tuple[dict[str, str], list[Problem]]:
    file = folder / LOCK_NAME
    locked: dict[str, str] = {}
    problems = []
    text = file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""
    for number, line in enumerate(text.splitlines(), 1):
        reference, _, digest = line.partition(" ")
        if "@" not in reference or not digest.startswith("sha256:"):
            problems.append(errors.LOCK_LINE.at(LOCK_NAME, number, line=line))
        else:
            locked[reference] = digest
    return locked, problems


def _short(digest: str) -> str:
    return digest[:19] + "…"
