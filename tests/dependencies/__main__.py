"""What `make lint` asks of the packages that run with the product: licences that are allowed, and no known advisory.

Licences come of the metadata of what is installed and need no network. Advisories need one: without it nothing fails, and
it is said loudly that nobody looked.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.dependencies import advisories, licences

_ROOT = Path(__file__).parents[2]
_CONSTRAINTS = _ROOT / "constraints.txt"
_LIST = _ROOT / "docs" / "licences.md"
_DECIDED = Path(__file__).with_name("decided.toml")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--write", action="store_true", help="write docs/licences.md anew")
    given = arguments.parse_args()
    decided = tomllib.loads(_DECIDED.read_text(encoding="utf-8"))
    wrong = _licences(decided["licences"], write=given.write)
    audit = advisories.ask(_CONSTRAINTS, decided["advisories"])
    wrong += audit.found
    for sentence in wrong:
        sys.stderr.write(f"{sentence}\n")
    if audit.skipped:
        sys.stderr.write(f"!!! Nobody looked for advisories against dependencies: {audit.skipped}.\n")
    elif audit.unknown:
        sys.stderr.write(f"!!! No advisories are known here of: {', '.join(audit.unknown)}.\n")
    return int(bool(wrong))


def _licences(decided: Mapping[str, Any], *, write: bool) -> list[str]:
    found = licences.packages(_CONSTRAINTS.read_text(encoding="utf-8"))
    text = _LIST.read_text(encoding="utf-8")
    introduction, _, table = text.partition("| Package |")
    try:
        now = introduction + licences.written(found, decided, licences.listed(f"| Package |{table}"))
    except ValueError as error:
        return [str(error)]
    if write:
        _LIST.write_text(now, encoding="utf-8")
    elif now != text:
        return [
            *licences.faults(found, decided),
            "docs/licences.md isn't what is installed: make licences.",
        ]
    return list(licences.faults(found, decided))


if __name__ == "__main__":
    sys.exit(main())
