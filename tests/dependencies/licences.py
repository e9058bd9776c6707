"""Under which licences the packages are that run with the product: from their own metadata, against what is allowed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

#: They ask for no more than to keep their text. All others are for a person to decide, in decided.toml.
ALLOWED = frozenset({
    "0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0", "MIT-CMU", "OFL-1.1",
    "PSF-2.0", "Zlib",
})  # fmt: skip
UNKNOWN = "unknown"
#: How packages without an SPDX expression say it, in a text or by a classifier. `BSD`: which of them isn't said.
_SAID = {
    "mit": "MIT", "mit license": "MIT", "apache 2.0": "Apache-2.0", "apache-2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0", "apache software license": "Apache-2.0", "bsd license": "BSD",
    "bsd 2-clause license": "BSD-2-Clause", "bsd-2-clause": "BSD-2-Clause", "bsd-3-clause": "BSD-3-Clause",
    "3-clause bsd license": "BSD-3-Clause", "isc license": "ISC", "isc license (iscl)": "ISC", "mpl-2.0": "MPL-2.0",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0", "sil ofl 1.1": "OFL-1.1",
    "sil open font license 1.1 (ofl-1.1)": "OFL-1.1", "mit license (mit)": "MIT",
}  # fmt: skip
_TOKEN = re.compile(r"[()]|[^\s()]+")


@dataclass(frozen=True, slots=True)
class Package:
    """A pinned package and its licence; `is_here`: it is meant for this machine, so its metadata was read."""

    name: str
    licence: str
    is_here: bool = True


def pinned(constraints: str) -> Iterator[Requirement]:
    """The packages of a constraints file; the same may stand there twice, for two versions of Python."""
    for line in constraints.splitlines():
        if line and not line[0].isspace() and not line.startswith("#"):
            yield Requirement(line.split(" \\")[0].split(" --hash")[0])


def packages(constraints: str) -> list[Package]:
    """Each pinned package once, by name.

    Raises:
        PackageNotFoundError: One that is meant for this machine isn't installed.
    """
    found: dict[str, Package] = {}
    for requirement in pinned(constraints):
        name = canonicalize_name(requirement.name)
        if requirement.marker is None or requirement.marker.evaluate():
            found[name] = Package(name, licence_of(_installed(name)))
        else:
            found.setdefault(name, Package(name, UNKNOWN, is_here=False))
    return sorted(found.values(), key=lambda package: package.name)


def _installed(name: str) -> Distribution:
    try:
        return distribution(name)
    except PackageNotFoundError:
        raise PackageNotFoundError(f"{name} is pinned and not installed. Run make.") from None


def licence_of(installed: Distribution) -> str:
    """As an SPDX expression where the package says one, else the one that its text or its classifiers mean."""
    for expression in _lines(installed, "License-Expression"):
        return expression
    for text in _lines(installed, "License"):
        if text.strip().lower() in _SAID:
            return _SAID[text.strip().lower()]
    classifiers = [line for line in _lines(installed, "Classifier") if line.startswith("License")]
    said = {_SAID.get(line.rpartition(" :: ")[2].lower(), line.rpartition(" :: ")[2]) for line in classifiers}
    # Several may mean a choice or all of them: the stricter reading.
    return " AND ".join(sorted(said)) or UNKNOWN


def _lines(installed: Distribution, name: str) -> list[str]:
    return installed.metadata.get_all(name) or []


def is_allowed(expression: str) -> bool:
    """Whether nothing is left to decide.

    >>> [is_allowed(text) for text in ("MIT", "GPL-3.0-only", "GPL-2.0-only OR (MIT AND ISC)", "MIT AND GPL-2.0-only", "")]
    [True, False, True, False, False]
    """
    tokens = _TOKEN.findall(expression)
    return bool(tokens) and _any(tokens) and not tokens


def _any(tokens: list[str]) -> bool:
    holds = _all(tokens)
    while tokens and tokens[0].upper() == "OR":
        tokens.pop(0)
        holds = _all(tokens) or holds
    return holds


def _all(tokens: list[str]) -> bool:
    holds = _one(tokens)
    while tokens and tokens[0].upper() == "AND":
        tokens.pop(0)
        holds = _one(tokens) and holds
    return holds


def _one(tokens: list[str]) -> bool:
    token = tokens.pop(0) if tokens else ""
    if token != "(":
        return token in ALLOWED
    holds = _any(tokens)
    return bool(tokens) and tokens.pop(0) == ")" and holds


def faults(found: Iterable[Package], decided: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """A sentence for every licence that nobody has decided on, and for every decision that is about nothing any more."""
    known = {package.name: package for package in found}
    for package in known.values():
        decision = decided.get(package.name)
        if package.is_here and decision and decision["licence"] != package.licence:
            yield f"{package.name}: decided was {decision['licence']}, and now it is {package.licence}."
        elif package.is_here and not decision and not is_allowed(package.licence):
            yield f"{package.name}: {package.licence} is not in the list of what is allowed; decide in decided.toml, with a reason."
        if decision and not decision.get("reason"):
            yield f"{package.name}: the decision has no reason."
    yield from (
        f"{name}: decided, and not pinned any more." for name in sorted(decided.keys() - known.keys())
    )


def listed(table: str) -> dict[str, str]:
    """The licences of a list that was written before, by package."""
    rows = [line.split("|")[1:3] for line in table.splitlines() if line.startswith("| ")]
    return {name.strip(): licence.strip() for name, licence in rows if name.strip() != "Package"}


def written(
    found: Iterable[Package], decided: Mapping[str, Mapping[str, Any]], before: Mapping[str, str]
) -> str:
    """The rows of the list; what is meant for other machines keeps the row that it had.

    Raises:
        ValueError: There is no row of such a package yet: its licence is to be looked up, and written by hand.
    """
    rows = ["| Package | Licence | Decided because |", "|---|---|---|"]
    for package in found:
        licence = package.licence if package.is_here else before.get(package.name, UNKNOWN)
        if licence == UNKNOWN and not package.is_here:
            raise ValueError(
                f"{package.name} isn't for this machine: look its licence up and write its row by hand."
            )
        rows.append(f"| {package.name} | {licence} | {decided.get(package.name, {}).get('reason', '')} |")
    return "\n".join(rows) + "\n"
