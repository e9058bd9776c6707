"""The other pages of a board pack as plain values: who moved, what can be common, rules and owners, moves taken on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from assessment.analysis.board_pack import BoardPack
from assessment.analysis.commitments import Standing, standing
from assessment.analysis.common_or_local import Quadrant, SpreadFinding, advice_of, by_quadrant
from assessment.analysis.movers import signed
from assessment.analysis.sequence import CAVEAT, IN_PLACE, CountryPath, Lead, SequenceFinding
from assessment.analysis.trajectory import Path, Trajectories
from assessment.charts.commitments import standing_words
from assessment.charts.labels import text_columns
from assessment.charts.placing import Box, place_labels
from assessment.charts.words import status_words
from assessment.exports import telling
from assessment.exports.pdf_text import cut
from assessment.i18n import count, decimal, t

_NAME_COLUMNS, _TITLE_COLUMNS, _QUESTION_COLUMNS, _OWNER_COLUMNS = 30, 70, 44, 36
#: In two lists side by side, beside a code.
_SHORT_NAME_COLUMNS = 17
#: So many countries have room in a panel, with one or two rows of panels on the page; and so many panels.
_ROWS_IN_ONE, _ROWS_IN_TWO, _MOST_PANELS = 22, 7, 6
_MOST_IN_QUADRANT, _MOST_COMMITMENTS, _MOST_ROUNDS, _MOST_IN_LIST = 12, 18, 6, 60
#: The side of the plot of rules and owners, in the units that labels are placed in.
_SIDE, _LETTER, _LABEL_HEIGHT, _DOT = 460.0, 7.0, 13.0, 11.0


def moved_page(pack: BoardPack) -> dict[str, Any] | None:
    """Each questionnaire's countries by what they gained; None where there was no earlier round."""
    paths = [finding for finding in pack.paths if finding.paths][:_MOST_PANELS]
    if not any(finding.then for finding in paths):
        return None
    most = _ROWS_IN_ONE if len(paths) <= 3 else _ROWS_IN_TWO
    told = [finding for finding in paths if finding.then]
    first = max(told, key=lambda finding: len(finding.stalled))
    note = t("The first {n} questionnaires of {all}.", n=_MOST_PANELS, all=len(pack.paths))
    return {
        "kind": "moved",
        "topic": t("Who moved"),
        "title": first.headline if len(paths) == 1 else t("{questionnaire}: {told}", questionnaire=first.questionnaire_title, told=first.headline),
        "panels": [_moved(finding, most) for finding in paths],
        "legend": [
            {"mark": "before", "words": t("Then")}, {"mark": "now", "words": t("Now")}, {"mark": "target", "words": t("Target")},
        ],
        "note": note if len(pack.paths) > _MOST_PANELS else "",
    }  # fmt: skip


def _moved(finding: Trajectories, most: int) -> dict[str, Any]:
    ordered = sorted(finding.paths, key=lambda path: (path.gain is None, -(path.gain or 0.0)))
    head, tail = (
        (ordered, []) if len(ordered) <= most else (ordered[: most // 2], ordered[-(most - most // 2) :])
    )
    left = len(ordered) - len(head) - len(tail)
    values = [value for value, _ in finding.scale] + [v for p in ordered for v in p.levels if v is not None]
    since = finding.then.name if finding.then else ""
    return {
        "title": cut(finding.questionnaire_title, _TITLE_COLUMNS),
        "told": cut(finding.headline, 180),
        "low": min(values),
        "high": max(values),
        "marks": [value for value, _ in finding.scale],
        "head": [t("Country"), t("Level since {round}", round=cut(since, 24)) if since else t("Level"), t("Now"), t("Gained")],
        "rows": [_path(path, finding) for path in head],
        "rest": t("{countries} in between", countries=count(left, "country", "countries")) if left else "",
        "tail": [_path(path, finding) for path in tail],
    }  # fmt: skip


def _path(path: Path, finding: Trajectories) -> dict[str, Any]:
    then = finding.place_of_then
    before = path.levels[then] if then is not None else None
    gained = (
        status_words(path.status) if path.now is None else "–" if path.gain is None else signed(path.gain)
    )
    return {
        "name": cut(path.label, _NAME_COLUMNS),
        "before": before,
        "now": path.now,
        "target": path.target,
        "level": "–" if path.now is None else decimal(path.now),
        "gained": t("{gain}, stalled", gain=gained) if path.has_stalled else gained,
        "stalled": path.has_stalled,
        "best": path is finding.best,
        "alt": _path_words(path, before),
    }


def _path_words(path: Path, before: float | None) -> str:
    told = [
        t("then {level}", level=decimal(before)) if before is not None else "",
        t("now {level}", level=decimal(path.now)) if path.now is not None else status_words(path.status),
        t("target {level}", level=decimal(path.target)) if path.target is not None else t("no target"),
    ]
    return f"{cut(path.label, _NAME_COLUMNS)}: {', '.join(filter(None, told))}"


def common_page(pack: BoardPack) -> dict[str, Any] | None:
    """Questions by their median level and how far countries lie apart; None without rules or levels to compare."""
    limits, placed = pack.limits, [entry for entry in pack.standards if entry.quadrant is not None]
    if limits is None or not placed:
        return None
    spots = Counter((entry.median or 0.0, entry.spread or 0.0) for entry in placed)
    medians, spreads = [spot[0] for spot in spots], [spot[1] for spot in spots]
    levels = [value for entry in pack.questionnaires for value, _ in entry.axis]
    found = by_quadrant(placed)
    return {
        "kind": "common",
        "topic": t("Common or local"),
        "title": pack.standards_headline,
        "alt": t("{questions} by median level and spread", questions=count(len(placed), "question")),
        "across": t("Median level of countries →"),
        "down": t("Spread: levels between the quartiles →"),
        "spots": [[median, spread, number] for (median, spread), number in sorted(spots.items())],
        "low": min([*medians, *levels[:1]]),
        "high": max([*medians, *levels[-1:]]),
        "far": max([*spreads, limits.narrow_up_to + 1.0]),
        "high_from": limits.high_from,
        "narrow_up_to": limits.narrow_up_to,
        "corners": [cut(advice_of(quadrant, limits).title, 40) for quadrant in Quadrant],
        "quadrants": [_quadrant(pack, quadrant, found[quadrant]) for quadrant in Quadrant],
        "note": t(
            "A circle is so many questions. Borderline (≈): one country more or less could decide otherwise."
        ),
    }


def _quadrant(pack: BoardPack, quadrant: Quadrant, members: Sequence[SpreadFinding]) -> dict[str, Any]:
    assert pack.limits is not None, "only asked where there are rules"
    advice, left = advice_of(quadrant, pack.limits), len(members) - _MOST_IN_QUADRANT
    return {
        "title": t("{advice}: {n}", advice=cut(advice.title, 60), n=count(len(members), "question")),
        "follows": cut(advice.what_follows, 200),
        "members": [_member(pack, entry) for entry in members[:_MOST_IN_QUADRANT]],
        "more": t("and {n} more", n=left) if left > 0 else "",
    }


def _member(pack: BoardPack, entry: SpreadFinding) -> str:
    name = cut(pack.questions.get(entry.question_id, entry.question_id), _QUESTION_COLUMNS)
    return f"{name} ≈" if entry.is_borderline else name


def sequence_page(pack: BoardPack) -> dict[str, Any] | None:
    """Each country's way through governance and ownership; None where nobody has both."""
    found = pack.sequence
    if not found.paths:
        return None
    ends = _ends(found)
    listed = sorted(found.paths, key=lambda path: (not path.has_both, path.label.casefold()))
    left = len(listed) - _MOST_IN_LIST
    return {
        "kind": "sequence",
        "topic": t("Rules and owners"),
        "title": found.headline,
        "told": t("Mean levels of governance and ownership, a path per country; the dot is now. Dotted: both equal."),
        "low": ends[0],
        "high": ends[1],
        "in_place": IN_PLACE,
        "across": t("Data governance, mean level →"),
        "up": t("Domain ownership, mean level →"),
        "corner": t("Both in place"),
        "paths": [[[stop.governance, stop.ownership] for stop in path.stops] for path in found.paths],
        "are_many": len(found.paths) > 14,
        "labels": _labels(found, ends),
        "alt": t("{countries} by governance and ownership; the table has their levels", countries=count(len(found.paths), "country", "countries")),
        "head": [t("Country"), t("Rules"), t("Owners"), t("Ahead now")],
        "rows": [_country(path, _SHORT_NAME_COLUMNS if len(listed) > 30 else _NAME_COLUMNS) for path in listed[:_MOST_IN_LIST]],
        "note": " ".join(filter(None, [t(CAVEAT), _without_both(found), t("and {n} more", n=left) if left > 0 else ""])),
    }  # fmt: skip


def _ends(found: SequenceFinding) -> tuple[float, float]:
    levels = [v for path in found.paths for stop in path.stops for v in (stop.governance, stop.ownership)]
    return min([*levels, IN_PLACE - 1]) - 0.2, max([*levels, IN_PLACE + 1]) + 0.2


def _labels(found: SequenceFinding, ends: tuple[float, float]) -> list[dict[str, Any]]:
    """The codes of countries where there is room for them; positions are parts of the side, from the top left."""
    low, high = ends
    scale = _SIDE / (high - low)
    places = [((p.now.governance - low) * scale, (high - p.now.ownership) * scale) for p in found.paths]
    codes = [cut(path.code, 8) for path in found.paths]
    sizes = [(text_columns(code) * _LETTER + 6, _LABEL_HEIGHT) for code in codes]
    placed = place_labels(places, sizes, Box(0, 0, _SIDE, _SIDE), (), _DOT)
    return [
        {"text": codes[label.mark], "x": (label.box.left + label.box.right) / 2 / _SIDE, "y": (label.box.top + label.box.bottom) / 2 / _SIDE}
        for label in placed
    ]  # fmt: skip


def _country(path: CountryPath, columns: int) -> list[str]:
    ahead = {Lead.RULES: t("rules"), Lead.OWNERS: t("owners"), Lead.IN_STEP: t("in step")}[path.lead]
    label, code = cut(path.label, columns), cut(path.code, 6)
    named = label if path.code == path.label else f"{label} ({code})"
    return [named, decimal(path.now.governance), decimal(path.now.ownership), ahead]


def _without_both(found: SequenceFinding) -> str:
    if not found.missing:
        return ""
    names = ", ".join(cut(name, _NAME_COLUMNS) for name in found.missing[:8])
    more = t(" and {n} more", n=len(found.missing) - 8) if len(found.missing) > 8 else ""
    return t("Without both scores: {names}{more}.", names=names, more=more)


def commitments_page(pack: BoardPack) -> dict[str, Any] | None:
    """What was taken on, by round and by what became of it, and the most urgent of it; None where nothing was."""
    found = pack.commitments
    if not found.commitments:
        return None
    left = len(found.commitments) - _MOST_COMMITMENTS
    # In one pass: a large group has thousands.
    counts = Counter((entry.taken_on_in.id, standing(entry)) for entry in found.commitments)
    totals = {kind: sum(n for (_, other), n in counts.items() if other is kind) for kind in Standing}
    return {
        "kind": "commitments",
        "topic": t("Moves taken on"),
        "title": found.headline,
        "kinds": [{"kind": str(kind), "words": standing_words(kind), "n": number} for kind, number in totals.items() if number],
        "head": [t("Taken on in"), t("Moves")],
        "rounds": [
            {"name": cut(entry.name, 30), "parts": [{"kind": str(kind), "n": number} for kind in Standing if (number := counts[entry.id, kind])]}
            for entry in found.rounds[-_MOST_ROUNDS:]
        ],
        "urgent": t("The most urgent"),
        "columns": [t("Unit"), t("Question"), t("Who"), t("Until"), t("How it stands")],
        "rows": [
            [cut(words, _OWNER_COLUMNS) for words in telling.commitment_cells(entry, pack)]
            for entry in found.commitments[:_MOST_COMMITMENTS]
        ],
        "more": t("and {n} more", n=left) if left > 0 else "",
    }  # fmt: skip
