"""units.csv → the organisation: every unit with a kind, and a tree that hangs together."""

from __future__ import annotations

from collections.abc import Mapping

from assessment import errors
from assessment.intake.coded import Coded, together
from assessment.intake.findings import Mask, shown
from assessment.intake.sheet import Sheet
from assessment.intake.tables import read_table
from assessment.organisation import UNIT_COLUMNS, Organisation, Unit, organisation_of
from assessment.questionnaire.models import UnitKind

_MANDATORY = UNIT_COLUMNS[: UNIT_COLUMNS.index("parent_id")]
# Deeper than any company, and not so deep that walking the tree exhausts the stack.
MAX_GROUP_DEPTH = 20
#: Which kinds of parent a kind may have ('' is none), and the same in words.
_PARENTS: Mapping[str, tuple[frozenset[str], str]] = {
    UnitKind.GROUP: (frozenset({"", UnitKind.GROUP}), "a group or empty"),
    UnitKind.COUNTRY: (frozenset({"", UnitKind.GROUP}), "a group or empty"),
    UnitKind.DOMAIN: (frozenset({UnitKind.COUNTRY}), "a country"),
}


def read_units(content: bytes, source: str) -> Organisation:
    """The organisation in a CSV file with `UNIT_COLUMNS`; the last three may be missing.

    Args:
        content: The file.
        source: Names the file in messages.

    Raises:
        IntakeError: With every problem in the file, by line.
    """
    sheet = Sheet(read_table(content, source, UNIT_COLUMNS, UNIT_COLUMNS[len(_MANDATORY) :]))
    sheet.require(*_MANDATORY)
    sheet.identifier("unit_id")
    sheet.name("name", "domain_family")
    sheet.choose("kind", UnitKind)
    sheet.form("country_iso3", _is_iso3, "a country code is three capitals, like FRA (ISO 3166), or empty")
    again = sheet.unique(("unit_id",), ("unit_id",), errors.ROW_TWICE, lambda row: _named(sheet, row))
    _check_parents(sheet)
    _check_roots(sheet, again)
    _check_tree(sheet, again)
    rows = sheet.result()
    return organisation_of(
        Unit(unit_id, name, UnitKind(kind), parent_id or None, iso3, family)
        for unit_id, name, kind, parent_id, iso3, family in rows.itertuples(index=False, name=None)
    )


def namesakes(brought: Organisation, known: Organisation) -> tuple[tuple[Unit, Unit], ...]:
    """Each new unit that bears another's name, with that other: most often one unit under two ids.

    Domains are alike in one country only: each country has its own sales.
    """
    first: dict[tuple[str, str, str], Unit] = {}
    found = []
    for unit in (*known.units.values(), *brought.units.values()):
        place = unit.parent_id or "" if unit.kind is UnitKind.DOMAIN else ""
        other = first.setdefault((str(unit.kind), " ".join(unit.name.casefold().split()), place), unit)
        if other.id != unit.id and unit.id not in known.units:
            found.append((unit, other))
    return tuple(found)


def _is_iso3(text: str) -> bool:
    return len(text) == 3 and text.isascii() and text.isalpha() and text.isupper()


def _named(sheet: Sheet, row: int) -> str:
    return f"unit '{sheet.cell('unit_id', row)}'"


def _check_parents(sheet: Sheet) -> None:
    sheet.know("parent_id", frozenset(sheet.column("unit_id").distinct), "this file")
    kinds, parent_kinds = sheet.column("kind"), _parent_kinds(sheet)
    sheet.mark(
        together(kinds, parent_kinds).where(lambda pair: _is_wrong_parent(*pair)),
        errors.PARENT_INVALID,
        lambda row: {
            "unit": sheet.cell("unit_id", row),
            "kind": kinds.at(row),
            "rule": _PARENTS[kinds.at(row)][1],
            "found": _found(sheet, row, parent_kinds.at(row)),
        },
    )


def _parent_kinds(sheet: Sheet) -> Coded[str]:
    """The kind of each row's parent; '' without a parent, '?' when the file doesn't tell."""
    pairs = sheet.columns("unit_id", "kind").distinct
    kinds = {"": ""} | {unit_id: kind for unit_id, kind in reversed(pairs) if unit_id and kind in _PARENTS}
    return sheet.column("parent_id").mapped(lambda parent: kinds.get(parent, "?"))


def _is_wrong_parent(kind: str, parent_kind: str) -> bool:
    return kind in _PARENTS and parent_kind != "?" and parent_kind not in _PARENTS[kind][0]


def _found(sheet: Sheet, row: int, parent_kind: str) -> str:
    return f"the {parent_kind} '{sheet.cell('parent_id', row)}'" if parent_kind else "empty"


def _check_roots(sheet: Sheet, again: Mask) -> None:
    is_root = sheet.columns("kind", "parent_id").where(lambda pair: pair == (UnitKind.GROUP, "")) & ~again
    first = int(is_root.argmax()) if is_root.any() else 0
    others = is_root.copy()
    others[first : first + 1] = False
    sheet.mark(
        others,
        errors.ROOT_TWICE,
        lambda row: {"unit": sheet.cell("unit_id", row), "first": sheet.line(first)},
    )


def _check_tree(sheet: Sheet, again: Mask) -> None:
    """Groups are the only kind that can stand in one another, and so in circles or too deep."""
    in_group = sheet.columns("kind", "parent_id").where(lambda pair: pair[0] == UnitKind.GROUP and pair[1])
    ids, parent_ids = sheet.column("unit_id"), sheet.column("parent_id")
    rows = {ids.at(row): row for row in map(int, (in_group & ~again).nonzero()[0])}
    circles, depths = _walk({unit_id: parent_ids.at(row) for unit_id, row in rows.items()})
    for circle in circles:
        path = shown(" → ".join([*circle, circle[0]]))
        sheet.mark_row(min(rows[unit_id] for unit_id in circle), errors.PARENT_CYCLE, circle=path)
    for unit_id, depth in depths.items():
        if depth == MAX_GROUP_DEPTH:
            sheet.mark_row(rows[unit_id], errors.TREE_TOO_DEEP, unit=shown(unit_id), limit=MAX_GROUP_DEPTH)


def _walk(parents: Mapping[str, str]) -> tuple[list[list[str]], dict[str, int]]:
    """The circles among the units, and how many units each of the others stands below (0 in a circle)."""
    circles: list[list[str]] = []
    depths: dict[str, int] = {}
    for start in parents:
        path: dict[str, None] = {}
        unit = start
        while unit in parents and unit not in depths and unit not in path:
            path[unit] = None
            unit = parents[unit]
        walked = list(path)
        if unit in path:
            circles.append(walked[walked.index(unit) :])
            depths |= dict.fromkeys(circles[-1], 0)
        for below in reversed(walked):
            depths.setdefault(below, depths.get(parents[below], 0) + 1)
    return circles, depths
