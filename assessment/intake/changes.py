"""What files would change of a workspace, before anything is written: every addition, change and conflict."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from assessment.errors import ResponseError
from assessment.i18n import count, joined, t
from assessment.organisation import Organisation, Round, Target, Unit, targets_by_key
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.models import UnitKind
from assessment.responses import Answer, AssessmentState


class Fate(StrEnum):
    """What becomes of a line of a file: a conflict can't be taken, and keeps everything else from being written."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"
    CONFLICT = "conflict"


class Kind(StrEnum):
    """What a line is about."""

    UNIT = "unit"
    ROUND = "round"
    TARGET = "target"
    ANSWER = "answer"


#: A column that only files of one kind have.
_TELLING = {"question_id": Kind.ANSWER, "target": Kind.TARGET, "kind": Kind.UNIT, "title": Kind.ROUND}


def kind_of(content: bytes, name: str, others: Collection[Kind] = ()) -> Kind:
    """What a CSV file is about, by its columns.

    Raises:
        ResponseError: By none that is known here, or by one that the `others` are about already.
    """
    lines = content[:4096].decode("utf-8", "replace").lstrip("\ufeff").splitlines()
    # As the file is read later: lines before the header may be blank, and its words are in any case.
    head = next(filter(str.strip, lines), "")
    columns = {cell.strip(' "').casefold() for cell in re.split("[,;\t]", head)}
    found = next((kind for column, kind in _TELLING.items() if column in columns), None)
    if found is None:
        raise ResponseError(
            t(
                "'{file}' has the columns of none of units.csv, rounds.csv, targets.csv, answers.csv.",
                file=name,
            )
        )
    if found in others:
        raise ResponseError(t("'{file}' is a second file of the same kind. Bring one of each.", file=name))
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a file; `what` names it, `told` says what would change, or why it can't be taken; '' needs no word."""

    kind: Kind
    what: str
    fate: Fate
    told: str = ""


@dataclass(frozen=True)
class Changes:
    """All lines of the files that were brought together."""

    lines: tuple[Change, ...]

    @property
    def conflicts(self) -> tuple[Change, ...]:
        return self._of(Fate.CONFLICT)

    @property
    def is_nothing(self) -> bool:
        """Whether all that the files say is here already."""
        return all(line.fate is Fate.SAME for line in self.lines)

    @property
    def headline(self) -> str:
        """How many lines of each kind would be added, changed, stay, or can't be taken."""
        return "; ".join(self._words(kind) for kind in Kind if any(e.kind is kind for e in self.lines))

    def _of(self, fate: Fate) -> tuple[Change, ...]:
        return tuple(line for line in self.lines if line.fate is fate)

    def _words(self, kind: Kind) -> str:
        found = Counter(line.fate for line in self.lines if line.kind is kind)
        words = {
            Fate.ADDED: t("{n} new", n=found[Fate.ADDED]), Fate.CHANGED: t("{n} changed", n=found[Fate.CHANGED]),
            Fate.SAME: t("{n} as they are", n=found[Fate.SAME]), Fate.CONFLICT: count(found[Fate.CONFLICT], "conflict"),
        }  # fmt: skip
        told = joined(words[fate] for fate in Fate if found[fate])
        return t("{things}: {told}", things=count(found.total(), str(kind)), told=told)


def unit_changes(brought: Organisation, known: Organisation) -> Iterator[Change]:
    """Units may be new or have another name; nothing else of a unit changes by a file."""
    for unit in brought.units.values():
        stored = known.units.get(unit.id)
        if stored is None and _is_second_root(unit, known):
            told = t("There is a group above all others already. Put this one below it, or leave it out.")
            yield Change(Kind.UNIT, unit.id, Fate.CONFLICT, told)
        elif stored is None:
            yield Change(Kind.UNIT, unit.id, Fate.ADDED, unit.name)
        elif stored == unit:
            yield Change(Kind.UNIT, unit.id, Fate.SAME)
        elif stored == replace(unit, name=stored.name):
            yield Change(Kind.UNIT, unit.id, Fate.CHANGED, f"{stored.name} → {unit.name}")
        else:
            yield Change(Kind.UNIT, unit.id, Fate.CONFLICT, _differing(unit, stored))


def _is_second_root(unit: Unit, known: Organisation) -> bool:
    return unit.kind is UnitKind.GROUP and not unit.parent_id and known.root is not None


def _differing(unit: Unit, stored: Unit) -> str:
    names = ("kind", "parent_id", "country_iso3", "domain_family")
    parts = [
        f"{name}: {getattr(stored, name) or '–'} → {getattr(unit, name) or '–'}"
        for name in names
        if getattr(unit, name) != getattr(stored, name)
    ]
    return t("A file can't change this of a unit that is here: {parts}.", parts=", ".join(parts))


def round_changes(brought: Iterable[Round], known: Mapping[str, Round]) -> Iterator[Change]:
    """Rounds may be new, or an open one may close on another day; what a file leaves empty it doesn't change."""
    for entry in brought:
        stored = known.get(entry.id)
        if stored is None:
            asked = ", ".join(f"{name}@{version}" for name, version in entry.questionnaires.items())
            yield Change(Kind.ROUND, entry.id, Fate.ADDED, t("asks {questionnaires}", questionnaires=asked))
        elif differing := _said_otherwise(entry, stored):
            yield _changed_round(entry, stored, differing)
        else:
            yield Change(Kind.ROUND, entry.id, Fate.SAME)


def _said_otherwise(entry: Round, stored: Round) -> list[str]:
    names = ("title", "phase", "opens_on", "closes_on")
    return [name for name in names if getattr(entry, name) and getattr(entry, name) != getattr(stored, name)]


def _changed_round(entry: Round, stored: Round, differing: list[str]) -> Change:
    if differing == ["closes_on"] and not stored.is_over:
        days = f"{stored.closes_on or '–'} → {entry.closes_on}"
        return Change(Kind.ROUND, entry.id, Fate.CHANGED, t("closes on {days}", days=days))
    told = t("Of a round that is here only the closing day changes, and only while it is open.")
    return Change(Kind.ROUND, entry.id, Fate.CONFLICT, told)


def target_changes(
    brought: Iterable[Target], known: Iterable[Target], rounds: Mapping[str, Round]
) -> Iterator[Change]:
    """Targets may be new or other ones, in rounds that are open and ask the questionnaire."""
    stored = targets_by_key(known)
    for target in brought:
        key = (target.round_id, target.unit_id, target.questionnaire_id, target.dimension_id)
        what = " · ".join(filter(None, key))
        before, entry = stored.get(key), rounds[target.round_id]
        if before == target.target:
            yield Change(Kind.TARGET, what, Fate.SAME)
        elif entry.is_over:
            yield Change(Kind.TARGET, what, Fate.CONFLICT, t("The round is closed; its targets stay."))
        elif target.questionnaire_id not in entry.questionnaires:
            yield Change(Kind.TARGET, what, Fate.CONFLICT, t("The round doesn't ask that questionnaire."))
        elif before is None:
            yield Change(Kind.TARGET, what, Fate.ADDED, f"{target.target:g}")
        else:
            yield Change(Kind.TARGET, what, Fate.CHANGED, f"{before:g} → {target.target:g}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer of a file belongs: an assessment as it is; None of a state where the unit isn't asked there."""

    version: str
    state: AssessmentState | None
    is_over: bool


def answer_change(
    what: str, answer: Answer, version: str, place: Place, stored: Answer | None, *, may_replace: bool
) -> Change:
    """What becomes of one answer of a file; what is stored is never told: whoever brings files in may not read it.

    That a line is as it is here does tell them, of an answer that they guessed; without it no file could be brought in
    twice.
    """
    refused = _refused(version, place)
    if stored == answer:
        return Change(Kind.ANSWER, what, Fate.SAME)
    if refused:
        return Change(Kind.ANSWER, what, Fate.CONFLICT, refused)
    if stored is None:
        return Change(Kind.ANSWER, what, Fate.ADDED)
    if may_replace:
        return Change(Kind.ANSWER, what, Fate.CHANGED, t("replaces what was answered here"))
    return Change(
        Kind.ANSWER, what, Fate.CONFLICT, t("It is answered otherwise here. Say that it is to be replaced.")
    )


def _refused(version: str, place: Place) -> str:
    """Why no answer can be put there; '' when it can."""
    if place.state is None:
        return t("The unit isn't asked this questionnaire in that round.")
    if place.version != version:
        return t("The round asks version {version}.", version=place.version)
    if place.is_over or place.state is not AssessmentState.DRAFT:
        return t("The assessment was sent, or its round is closed; its answers can't be changed.")
    return ""


def pins_for(named: Iterable[tuple[str, str]], catalogue: Catalogue) -> dict[str, str]:
    """What a new round asks: the versions that its answers name, and the newest published ones of all others."""
    newest = {version.id: version.version for version in catalogue.latest_published()}
    return {**newest, **dict(sorted(named))}
