"""Scorecards and board packs as PDF: tagged, of the same typeface everywhere, and the same bytes for the same findings.

A template is a typst file beside this one. It is given plain values and draws them; names and comments are values too, so
nothing in them is ever read as markup. A template reads no file but the templates, and nothing from a network.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from assessment.analysis.board_pack import BoardPack
from assessment.analysis.scorecard import Scorecard
from assessment.charts.theme import LEVEL_FILLS, LEVEL_INKS, LIGHT
from assessment.exports.pdf_pack import pack_values
from assessment.exports.pdf_scorecard import scorecard_values
from assessment.exports.pdf_text import NO_SHAPE, STANDARD, fonts, printable
from assessment.i18n import language, t

_TEMPLATES = Path(__file__).parent / "templates"


def scorecard_pdf(card: Scorecard, at: datetime, *, is_synthetic: bool) -> bytes:
    """One page about a country or a domain."""
    return _compiled("scorecard.typ", scorecard_values(card, at, is_synthetic=is_synthetic), at)


def pack_pdf(pack: BoardPack, at: datetime, *, is_synthetic: bool) -> bytes:
    """At most eight pages about the group."""
    return _compiled("pack.typ", pack_values(pack, at, is_synthetic=is_synthetic), at)


def _compiled(template: str, values: Mapping[str, Any], at: datetime) -> bytes:
    compiler = typst.Compiler(
        _TEMPLATES / template, root=_TEMPLATES, font_paths=fonts(), ignore_system_fonts=True
    )
    found = compiler.compile(
        format="pdf", sys_inputs={"values": _written({**values, **_look()})}, pdf_standards=[STANDARD],
        timestamp=int(at.timestamp()),
    )  # fmt: skip
    assert isinstance(found, bytes), "one file, in memory"
    return found


def _written(values: Mapping[str, Any]) -> str:
    """The values as the template reads them; a note is added when a character had to be replaced."""
    found = printable(values)
    note = t("{sign} stands for a character that the typefaces of this file don't have.", sign=NO_SHAPE)
    found["replaced"] = note if NO_SHAPE in json.dumps(found, ensure_ascii=False) else ""
    return json.dumps(found, ensure_ascii=False)


def _look() -> dict[str, Any]:
    """What all templates share: colours by role, the fills of the levels, and the language."""
    names = ("ink", "muted", "before", "now", "progress", "target", "attention", "context", "missing", "grid")
    return {
        "colours": {name: getattr(LIGHT, name) for name in names},
        "fills": [LEVEL_FILLS[level] for level in sorted(LEVEL_FILLS)],
        "inks": [LEVEL_INKS[level] for level in sorted(LEVEL_INKS)],
        "language": language(),
        "author": t("Mesh Readiness"),
    }
