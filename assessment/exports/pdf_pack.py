"""A board pack as the plain values that its template draws: a first page, a page for each finding, and the method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from assessment.analysis.board_pack import BoardPack
from assessment.analysis.gate_matrix import GateRow
from assessment.charts.words import row_words
from assessment.exports import telling
from assessment.exports.pdf_findings import commitments_page, common_page, moved_page, sequence_page
from assessment.exports.pdf_matrices import gates_page, portfolio_page
from assessment.exports.pdf_text import cut
from assessment.i18n import t

_HEADLINE_COLUMNS, _NAME_COLUMNS, _SHORT_NAME_COLUMNS = 500, 34, 26
#: So many countries have room on the first page.
_MOST_COUNTRIES = 60


def pack_values(pack: BoardPack, at: datetime, *, is_synthetic: bool) -> dict[str, Any]:
    """Everything that stands on the pages; a finding of which nothing is known has none."""
    title = pack.round.name
    subtitle = telling.pack_subtitle(pack, at, is_synthetic=is_synthetic)
    pages = [
        page
        for page in (
            portfolio_page(pack), gates_page(pack), moved_page(pack), common_page(pack), sequence_page(pack),
            commitments_page(pack),
        )
        if page is not None
    ]  # fmt: skip
    pages = [{**page, "title": cut(page["title"], _HEADLINE_COLUMNS)} for page in pages]
    return {
        "title": cut(pack.headline, _HEADLINE_COLUMNS),
        "subtitle": cut(subtitle, 200),
        "keywords": [t("Board pack"), cut(pack.label, 60), title],
        "mark": t("Synthetic data") if is_synthetic else "",
        "figures": [asdict(figure) for figure in telling.group_figures(pack)],
        "compared": pack.group.compared,
        "contents": {"title": t("In this pack"), "finding": t("Finding"), "page": t("Page")},
        "countries": _countries(pack),
        "pages": pages,
        "method": _method(pack, title, is_synthetic=is_synthetic),
        "number": t("Page {page} of {all}", page="{page}", all="{all}"),
    }  # fmt: skip


def _countries(pack: BoardPack) -> dict[str, Any]:
    """How many domains are ready in each country, those with the most first."""
    rows = [row for row in pack.gates.rows if row.domains] if pack.gates else []
    rows.sort(key=lambda row: (-row.ready / row.domains, row.label.casefold()))
    shown = rows[:_MOST_COUNTRIES]
    return {
        "title": t("Domains ready for a first pilot"),
        "head": [t("Country"), t("Ready"), ""],
        "rows": [_country(row, _NAME_COLUMNS if len(shown) <= 40 else _SHORT_NAME_COLUMNS) for row in shown],
        "legend": {"ready": t("Ready"), "conditions": t("Ready with conditions"), "others": t("Others")},
        "note": t("The {n} countries of {all} with the most ready domains.", n=len(shown), all=len(rows)) if len(shown) < len(rows) else "",
        "none": "" if rows else t("No domain is judged in this round."),
    }  # fmt: skip


def _country(row: GateRow, columns: int) -> dict[str, Any]:
    return {
        "name": cut(row.label, columns),
        "words": row_words(row),
        "ready": row.ready - row.conditions,
        "conditions": row.conditions,
        "domains": row.domains,
    }


def _method(pack: BoardPack, title: str, *, is_synthetic: bool) -> dict[str, Any]:
    return {
        "title": t("How to read this pack"),
        "points": [*telling.method(pack.questionnaires), *_reading()],
        "source": telling.source(pack.questionnaires, title, is_synthetic=is_synthetic),
    }


def _reading() -> Sequence[str]:
    return (
        t(
            "Rows are countries by their own answers, in the order that is said on each page. It isn't a ranking."
        ),
        t(
            "A name that ends in … was cut here to keep to its line; the workbook of the same round has it whole."
        ),
        t(
            "Nothing is left out silently: where a page hasn't room for all, it says for how many of how many it has."
        ),
        t("Colours are never alone: each has a digit, a sign or a word with it."),
    )
