"""What all converters share: ids from foreign names, the draft as a file, and the report of what stayed behind."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from assessment.i18n import count
from assessment.questionnaire.loading import load_questionnaire
from assessment.questionnaire.models import Questionnaire

#: As long as a text, an id and a short name may be.
LONGEST, LONGEST_ID, LONGEST_TITLE = 2_000, 80, 40
#: Said of a part that has nothing to ask, and so no place.
PART_WITHOUT_QUESTION = "A part without a question"
#: So many examples of one kind are named; the rest is counted.
_SHOWN = 3
_UNITS = ("country", "domain")


@dataclass(frozen=True, slots=True)
class Head:
    """What a draft is to be called, where its maker doesn't say it in our words."""

    id: str
    version: str = "1.0.0"
    title: str = ""
    units: tuple[str, ...] = _UNITS


@dataclass(frozen=True, slots=True)
class Imported:
    """A draft, the file that holds it, and what of its source isn't in it."""

    questionnaire: Questionnaire
    content: bytes
    report: tuple[str, ...]

    @property
    def place(self) -> str:
        """Where it belongs below the folder of questionnaires."""
        return f"{self.questionnaire.id}/{self.questionnaire.version}/questionnaire.yaml"


@dataclass
class Report:
    """Collects what could not be carried: of each kind how often, and where first."""

    _found: Counter[str] = field(default_factory=Counter)
    _places: dict[str, list[str]] = field(default_factory=dict)

    def leave(self, what: str, place: str = "") -> None:
        """Something of the source has no place in a questionnaire of ours."""
        self._found[what] += 1
        if place:
            self._places.setdefault(what, []).append(place)

    def lines(self) -> Iterator[str]:
        for what, number in self._found.items():
            places = self._places.get(what, [])
            more = f", and {count(len(places) - _SHOWN, 'other', 'others')}" if len(places) > _SHOWN else ""
            where = f": {', '.join(places[:_SHOWN])}{more}" if places else ""
            yield f"{what} ({number} ×){where}" if number > 1 else f"{what}{where}"


class Names:
    """Ids made of foreign names, each once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def id_for(self, name: str, otherwise: str) -> str:
        """The id that reads most like the name; `otherwise` where nothing of it is left."""
        wanted = slug(name) or otherwise
        found, number = wanted, 2
        while found in self._taken:
            ending = f"-{number}"
            found, number = wanted[: LONGEST_ID - len(ending)].rstrip("-") + ending, number + 1
        self._taken.add(found)
        return found


def slug(name: str) -> str:
    """The name in small letters, digits and hyphens, accents taken off.

    >>> slug("Gouvernance & équipes (2.1)")
    'gouvernance-equipes-2-1'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_ID].strip("-")


def clipped(text: Any, report: Report, place: str) -> str:
    """A text of at most as many characters as ours have."""
    whole = " ".join(str(text or "").split()) if "\n" not in str(text or "") else str(text).strip()
    if len(whole) > LONGEST:
        report.leave(f"Text beyond {LONGEST} characters", place)
        return whole[: LONGEST - 1].rstrip() + "…"
    return whole


def number(value: Any) -> float:
    """What a foreign file has as a number; 0 for anything else."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else 0


def short_title(text: str, report: Report, place: str) -> dict[str, str]:
    """The field `title`, where the name fits in one; charts show the prompt otherwise."""
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_TITLE:
        if name:
            report.leave(f"A short name of more than {LONGEST_TITLE} characters; write a shorter one", place)
        return {}
    return {"title": name}


def imported(data: Mapping[str, Any], source: str, report: Report) -> Imported:
    """The draft as a file that was read back as strictly as any other.

    Raises:
        QuestionnaireError: What was made of the source is no questionnaire; `source` is named.
    """
    written = yaml.safe_dump(
        {**data, "status": "draft"}, sort_keys=False, allow_unicode=True, width=120, default_flow_style=False
    )
    # Its name, and not where it lay on somebody's machine.
    name = " ".join(source.replace("\\", "/").rstrip("/").rpartition("/")[2].split())
    content = f"# Made from {name}. Check every sentence before publishing it.\n{written}".encode()
    return Imported(load_questionnaire(content, source), content, tuple(report.lines()))


def without_empty(dimensions: Sequence[dict[str, Any]], report: Report) -> list[dict[str, Any]]:
    """Dimensions that have a question somewhere below them."""
    kept = []
    for entry in dimensions:
        below = without_empty(entry.get("dimensions", ()), report)
        if not below and not entry.get("questions"):
            report.leave(PART_WITHOUT_QUESTION, entry["title"])
            continue
        kept.append(
            {**entry, "dimensions": below} if below else {k: v for k, v in entry.items() if k != "dimensions"}
        )
    return kept
