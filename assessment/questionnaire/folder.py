"""The folder of questionnaires → `Catalogue`, what is published checked against the lock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from assessment import errors
from assessment.errors import Problem, QuestionnaireError
from assessment.questionnaire.catalogue import Catalogue, catalogue_of
from assessment.questionnaire.companions import load_elements, load_facts, load_principles
from assessment.questionnaire.crosswalks import Crosswalk, load_crosswalk
from assessment.questionnaire.loading import load_questionnaire
from assessment.questionnaire.lock import (
    LOCK_NAME,
    Loaded,
    Lockable,
    mismatches,
    read_lock,
    write_entries,
)
from assessment.questionnaire.models import Questionnaire, Status
from assessment.questionnaire.numbering import version_key
from assessment.questionnaire.translations import Translation, load_translation
from assessment.questionnaire.verdict_loading import Names, load_verdicts
from assessment.questionnaire.verdicts import VerdictRules

FILE_NAME = "questionnaire.yaml"
VERDICTS_FOLDER = "verdicts"
CROSSWALKS = "crosswalks"

Part = TypeVar("Part")
Load = Callable[[bytes, str], Part]


def load_catalogue(folder: Path) -> Catalogue:
    """Everything in `folder`, as the application uses it.

    Raises:
        QuestionnaireError: With the problems of all files together, among them those of the lock.
    """
    reading = _read(folder)
    locked, problems = read_lock(folder)
    problems += mismatches(folder, reading.loaded, locked)
    for reference in locked:
        if not _file_of(folder, reference).exists():
            problems.append(errors.LOCK_ORPHAN.at(LOCK_NAME, 0, reference=reference))
    return reading.catalogue_unless(problems)


def load_unlocked(folder: Path) -> Catalogue:
    """Everything in `folder`, whatever the lock says: for authors who are about to publish.

    Raises:
        QuestionnaireError: With the problems of all files together.
    """
    return _read(folder).catalogue_unless([])


def unlocked(folder: Path) -> tuple[str, ...]:
    """The published versions that the lock doesn't have yet, in order."""
    return tuple(
        sorted(entry.value.reference for entry in _to_lock(_read(folder).loaded, read_lock(folder)[0]))
    )


def write_lock(folder: Path) -> list[str]:
    """Lock every published version that isn't yet; returns the references that are new.

    Raises:
        QuestionnaireError: A file has problems, or a locked version has changed: a lock is never renewed.
    """
    reading = _read(folder)
    locked, problems = read_lock(folder)
    changed = mismatches(folder, reading.loaded, locked)
    problems += [problem for problem in changed if problem.code != errors.LOCK_MISSING.code]
    reading.catalogue_unless(problems)
    new = _to_lock(reading.loaded, locked)
    write_entries(folder, new, locked)
    return sorted(entry.value.reference for entry in new)


def _to_lock(loaded: Iterable[Loaded], locked: Mapping[str, str]) -> list[Loaded]:
    return [
        entry
        for entry in loaded
        if entry.value.status is not Status.DRAFT and entry.value.reference not in locked
    ]


def _file_of(folder: Path, reference: str) -> Path:
    identifier, _, version = reference.partition("@")
    if identifier == VERDICTS_FOLDER:
        return folder / VERDICTS_FOLDER / f"{version}.yaml"
    return folder / identifier / version / FILE_NAME


@dataclass
class _Reading:
    """What was found in a folder so far, and what is wrong with it."""

    folder: Path
    catalogue: Catalogue = field(default_factory=lambda: catalogue_of([]))
    loaded: list[Loaded] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    seen: set[Path] = field(default_factory=set)

    def file(self, file: Path, load: Load[Part]) -> Part | None:
        """What `load` makes of a file; None, with its problems noted, when it can't be read."""
        source = str(file.relative_to(self.folder))
        self.seen.add(file)
        try:
            return load(file.read_bytes(), source)
        except QuestionnaireError as error:
            self.problems += error.problems
        except OSError as error:
            self.problems.append(errors.FILE_UNREADABLE.at(source, 0, reason=error.strerror))
        return None

    def versions(self, files: Iterable[Path], load: Load[Lockable]) -> None:
        """Notes each version, and whether it stands where its id and number say."""
        for file in sorted(files):
            value = self.file(file, load)
            if value is None:
                continue
            self.loaded.append(Loaded(value, str(file.relative_to(self.folder))))
            if file != _file_of(self.folder, value.reference):
                place = _place(file)
                problem = errors.FOLDER_MISMATCH.at(
                    self.loaded[-1].source, 1, found=value.reference, folder=place
                )
                self.problems.append(problem)

    def translations(self) -> dict[str, dict[str, Translation]]:
        """The translations beside the questionnaires read so far, by reference and language."""
        found: dict[str, dict[str, Translation]] = {}
        for entry in self.loaded:
            if not isinstance(entry.value, Questionnaire):
                continue
            for file in sorted((self.folder / entry.source).parent.glob("lang/*.yaml")):
                value = self.file(file, partial(load_translation, questionnaire=entry.value))
                if value is not None and self._belongs(value, file, entry.value):
                    found.setdefault(entry.value.reference, {})[value.language] = value
        return found

    def _belongs(self, translation: Translation, file: Path, questionnaire: Questionnaire) -> bool:
        """Whether a translation says what its place says; notes it when not."""
        said = f"{translation.id}@{translation.version}", translation.language
        if said == (questionnaire.reference, file.stem):
            return True
        problem = errors.TRANSLATION_PLACE.at(
            str(file.relative_to(self.folder)), 1,
            found=said[0], language=said[1], place=f"{questionnaire.reference} in '{file.stem}'",
        )  # fmt: skip
        self.problems.append(problem)
        return False

    def crosswalks(self, versions: Mapping[str, Questionnaire] | None) -> tuple[Crosswalk, ...]:
        """Those between the versions read so far, each where its ids say."""
        found = []
        for file in sorted(self.folder.glob(f"{CROSSWALKS}/*/*.yaml")):
            value = self.file(file, partial(load_crosswalk, versions=versions))
            if value is None:
                continue
            found.append(value)
            said = f"{value.questionnaire}/{value.from_version}--{value.to_version}"
            if said != f"{file.parent.name}/{file.stem}":
                source = str(file.relative_to(self.folder))
                place = f"{file.parent.name}/{file.stem}"
                self.problems.append(errors.CROSSWALK_PLACE.at(source, 1, found=said, place=place))
        return tuple(found)

    def listing(self, name: str, load: Load[tuple[Part, ...]]) -> tuple[Part, ...]:
        """The entries of a list beside the questionnaires; none when there is no such file."""
        file = self.folder / name
        return (self.file(file, load) or ()) if file.exists() else ()

    def catalogue_unless(self, problems: Iterable[Problem]) -> Catalogue:
        """The catalogue.

        Raises:
            QuestionnaireError: There are problems, of the reading or these.
        """
        found = [*self.problems, *problems]
        if found:
            raise QuestionnaireError(found)
        return self.catalogue


def _place(file: Path) -> str:
    """The reference that a file's place stands for."""
    if file.name == FILE_NAME:
        return f"{file.parent.parent.name}@{file.parent.name}"
    return f"{file.parent.name}@{file.stem}"


def _read(folder: Path) -> _Reading:
    reading = _Reading(folder)
    files = list(folder.glob(f"*/*/{FILE_NAME}"))
    if not files:
        reading.problems.append(errors.FOLDER_MISSING.at(str(folder), 0))
    reading.versions(files, load_questionnaire)
    translations = reading.translations()
    questionnaires = [entry.value for entry in reading.loaded if isinstance(entry.value, Questionnaire)]
    facts = reading.listing("facts.yaml", load_facts)
    is_sound = not reading.problems
    names = Names(
        frozenset(name for value in questionnaires for name in value.questions) if is_sound else None,
        frozenset(fact.id for fact in facts) if is_sound else None,
        frozenset(value.id for value in questionnaires) if is_sound else None,
    )
    reading.versions(folder.glob(f"{VERDICTS_FOLDER}/*.yaml"), partial(load_verdicts, names=names))
    rules = [entry.value for entry in reading.loaded if isinstance(entry.value, VerdictRules)]
    versions = {value.reference: value for value in questionnaires} if is_sound else None
    reading.catalogue = replace(
        catalogue_of(questionnaires),
        facts=facts,
        elements=reading.listing("elements.yaml", load_elements),
        principles=reading.listing(
            "principles.yaml", partial(load_principles, known_questions=names.questions)
        ),
        translations=translations,
        crosswalks=reading.crosswalks(versions),
        verdicts={
            entry.version: entry for entry in sorted(rules, key=lambda entry: version_key(entry.version))
        },
    )
    reading.problems += [
        errors.FILE_PASSED_OVER.at(str(file.relative_to(folder)), 0)
        for file in sorted(_yaml_in(folder) - reading.seen)
    ]
    return reading


def _yaml_in(folder: Path) -> set[Path]:
    """Every YAML file in the places where one could stand, whatever its name."""
    return {
        file
        for pattern in ("*", "*/*", "*/*/*", "*/*/lang/*")
        for ending in ("yaml", "yml")
        for file in folder.glob(f"{pattern}.{ending}")
    }
