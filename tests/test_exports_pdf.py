"""Scorecards and packs as PDF: what they say, that they are tagged, and that names stay the characters they are."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pypdf import PdfReader

from assessment.exports import telling
from assessment.exports.pdf import pack_pdf, scorecard_pdf
from assessment.exports.pdf_matrices import portfolio_page
from assessment.exports.pdf_text import NO_SHAPE, cut, printable
from assessment.i18n import use_language
from assessment.scoring.table import ScoreStatus
from tests.exports_by_hand import board_pack, scorecard

AT = datetime(2026, 11, 28, 9, 30, 5, 123456, UTC)
TWELVE = tuple(f"Country {n}" for n in range(12))
HOSTILE = [
    '#eval("1") #read("/etc/passwd") *x* _y_ $z$ \\ `c` @r // no',
    "<script>alert(1)</script>",
    '=HYPERLINK("http://evil.example","click")',
    "L" + "o" * 298 + "g",
    " ".join(["A long name of a country"] * 12),
    "Quo\"te's [b] {c} & ~ #",
]


def reader(file: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(file))


def text_of(file: bytes) -> str:
    """All texts in one line: a sentence that was wrapped is found whole."""
    pages = [page.extract_text() for page in reader(file).pages]
    return " ".join(" ".join(pages).split())


def closed(text: str) -> str:
    """Without spaces and breaks: where a line was wrapped in a word."""
    return "".join(text.replace("\u200b", "").split())


@pytest.fixture(scope="module")
def card_file() -> bytes:
    return scorecard_pdf(scorecard(), AT, is_synthetic=True)


@pytest.fixture(scope="module")
def pack_file() -> bytes:
    return pack_pdf(board_pack(TWELVE), AT, is_synthetic=True)


def test_a_scorecard_is_one_page_that_says_what_every_other_format_says(card_file: bytes):
    card, found = scorecard(), closed(text_of(card_file))
    assert len(reader(card_file).pages) == 1
    told = [
        card.headline, telling.subtitle(card, AT, is_synthetic=True), "Synthetic data", *telling.method(card.questionnaires),
        *(part for figure in telling.figures(card) for part in (figure.label, figure.value, figure.note)),
        *(finding.headline for finding in card.gaps), *(finding.headline for finding in card.peers),
        *(part for line in telling.move_lines(card.moves) for part in (line.step, line.goal, line.gain, line.who, line.due, line.state)),
    ]  # fmt: skip
    assert [words for words in told if closed(words) not in found] == []


def test_open_hard_gates_are_listed_first_and_the_rest_is_counted(card_file: bytes):
    card, found = scorecard(), text_of(card_file)
    lines = telling.gate_lines(card)
    assert lines[0].question in found
    listed = [line.question for line in lines if f"{line.question} {line.kind}" in found]
    assert listed == [line.question for line in lines[: len(listed)]]
    left = telling.gates_in_short(card.gates[len(listed) :])
    assert f"and {len(lines) - len(listed)} more: {left}" in found


def test_what_is_missing_says_why(card_file: bytes):
    assert "withheld: too little known" in text_of(card_file)


def test_a_pack_says_every_finding_on_a_page_of_its_own(pack_file: bytes):
    pack, pages = board_pack(TWELVE), [page.extract_text() for page in reader(pack_file).pages]
    assert len(pages) == 8
    headlines = [
        pack.headline, pack.countries.headline, pack.gates.headline if pack.gates else "", pack.paths[0].headline,
        pack.standards_headline, pack.sequence.headline, pack.commitments.headline, telling.method(pack.questionnaires)[0],
    ]  # fmt: skip
    for page, headline in zip(pages, headlines, strict=True):
        assert closed(headline) in closed(page)
    for fact in pack.group.facts:
        assert fact.value in pages[0]
    first = telling.commitment_cells(pack.commitments.commitments[0], pack)
    assert all(closed(words) in closed(pages[6]) for words in first)


def test_a_pack_of_many_countries_keeps_to_eight_pages_and_says_what_it_leaves_out():
    file = pack_pdf(board_pack(tuple(f"Country {n}" for n in range(90))), AT, is_synthetic=False)
    pages = reader(file).pages
    levels, moves = pages[1].extract_text(), pages[6].extract_text()
    assert len(pages) == 8
    assert "The 60 countries with the lowest means of 90." in levels
    assert len(set(re.findall(r"Country \d+", levels))) == 60
    assert "and 72 more" in moves
    assert "Synthetic" not in levels + moves


def test_countries_without_a_mean_are_not_told_as_the_lowest():
    pack = board_pack(tuple(f"Country {n}" for n in range(90)))
    rows = [replace(row, mean=None) if n >= 70 else row for n, row in enumerate(pack.countries.rows)]
    found = replace(pack, countries=replace(pack.countries, rows=tuple(rows)))
    note = "The 40 countries with the lowest means and 20 without a mean, of 90."
    assert portfolio_page(found)["note"] == note


def test_sixty_countries_with_long_names_keep_to_eight_pages():
    names = tuple(f"{n} " + ["Wide Name ", "lo" * 20 + " ", "WWW"][n % 3] * 30 for n in range(60))
    pack = board_pack(names)
    labelled = replace(
        pack, label="Group " * 60, questions=dict.fromkeys(pack.questions, "A long question " * 9)
    )
    pages = reader(pack_pdf(labelled, AT, is_synthetic=True)).pages
    assert len(pages) == 8
    levels = pages[1].extract_text()
    assert "lowest means" not in levels
    assert {name.split()[0] for name in names} <= set(levels.split())


def test_many_dimensions_keep_to_the_page():
    file = pack_pdf(board_pack(TWELVE, dimensions=20), AT, is_synthetic=False)
    pages = reader(file).pages
    assert len(pages) == 8
    assert "The first 38 dimensions of 60." in pages[1].extract_text()


def test_a_group_of_which_nothing_is_known_has_the_pages_that_can_be_told():
    pack = board_pack(TWELVE)
    rows = tuple(
        replace(row, mean=None, cells=tuple(replace(c, score=None, level=None, gap=None, status=ScoreStatus.NOT_ANSWERED) for c in row.cells))
        for row in pack.countries.rows
    )  # fmt: skip
    bare = replace(
        pack, gates=None, standards=(), limits=None, paths=(), countries=replace(pack.countries, rows=rows),
        sequence=replace(pack.sequence, paths=()), commitments=replace(pack.commitments, commitments=()),
    )  # fmt: skip
    file = pack_pdf(bare, AT, is_synthetic=False)
    assert len(reader(file).pages) == 3
    assert "No scores to show in this round yet" in text_of(file)
    assert "No domain is judged in this round." in text_of(file)


def test_a_unit_that_was_asked_nothing_has_a_page_that_says_so():
    nothing = replace(
        scorecard(), gaps=(), peers=(), pilot=None, moves=(), questionnaires=(), readiness="", domains=(), hidden=("Sales",),
    )  # fmt: skip
    found = text_of(scorecard_pdf(nothing, AT, is_synthetic=False))
    assert "Nothing is asked of this unit in this round." in found
    assert "No gate is asked of this unit in this round." in found
    assert "Not shown to you yet: Sales." in found


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_comes_out_as_the_characters_that_were_typed(name: str):
    file = scorecard_pdf(scorecard(name), AT, is_synthetic=False)
    assert len(reader(file).pages) == 1
    assert closed(name) in closed(text_of(file))


def test_hostile_names_stay_names_in_a_pack():
    file = pack_pdf(board_pack((*HOSTILE, *TWELVE)), AT, is_synthetic=False)
    pages = reader(file).pages
    assert len(pages) == 8
    found = closed(pages[0].extract_text())
    assert [name for name in HOSTILE if closed(cut(name, 34)) not in found] == []


@pytest.mark.parametrize("name", ["日本", "🎉 Fête", "ประเทศ", "a\x00b\x07", "\ud83d"])
def test_a_character_without_a_shape_is_seen_to_be_missing(name: str):
    found = text_of(scorecard_pdf(scorecard(name), AT, is_synthetic=False))
    has_sign = NO_SHAPE in printable(name)
    assert has_sign is ("\x00" not in name)
    assert (f"{NO_SHAPE} stands for a character" in found) is has_sign


@pytest.mark.parametrize("name", ["Ελλάδα", "Україна", "Česko", "مصر", "ישראל"])
def test_letters_of_other_scripts_are_drawn(name: str):
    assert printable(name) == name


def test_what_would_turn_the_sentence_round_is_left_out():
    assert printable("\u202eecnarF\u2066 \u200fx\ny") == "ecnarF \u200fx y"


@pytest.mark.parametrize("which", ["card_file", "pack_file"])
def test_a_file_is_tagged_and_says_its_title_and_language(which: str, request: pytest.FixtureRequest):
    file = reader(request.getfixturevalue(which))
    root: Any = file.root_object
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert file.metadata is not None
    assert file.metadata.title in {scorecard().headline, board_pack(TWELVE).headline}
    assert file.metadata.creation_date == AT.replace(microsecond=0)
    kinds = list(_kinds(root["/StructTreeRoot"]))
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure"} <= set(kinds)
    assert kinds.index("/H1") < kinds.index("/H2")
    assert all(
        entry.get("/Alt") for entry in _entries(root["/StructTreeRoot"]) if entry.get("/S") == "/Figure"
    )


@pytest.mark.parametrize("which", ["card_file", "pack_file"])
def test_every_typeface_is_in_the_file(which: str, request: pytest.FixtureRequest):
    names = set()
    for page in reader(request.getfixturevalue(which)).pages:
        resources: Any = page["/Resources"]
        for entry in resources["/Font"].values():
            (below,) = entry.get_object()["/DescendantFonts"]
            descriptor = below.get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)
            names.add(str(descriptor["/FontName"]).split("+")[-1])
    assert any(name.startswith("SourceSansPro") for name in names)


def test_the_same_findings_give_the_same_bytes(card_file: bytes, pack_file: bytes):
    assert scorecard_pdf(scorecard(), AT, is_synthetic=True) == card_file
    assert pack_pdf(board_pack(TWELVE), AT, is_synthetic=True) == pack_file


def test_the_language_is_the_readers():
    use_language("de")
    try:
        file = scorecard_pdf(scorecard(), AT, is_synthetic=False)
    finally:
        use_language("en")
    root: Any = reader(file).root_object
    assert root["/Lang"] == "de"


def _entries(node: Any) -> Iterator[Any]:
    """The elements of a tree of tags, in reading order."""
    entry = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(entry, list):
        for child in entry:
            yield from _entries(child)
    elif isinstance(entry, dict):
        yield entry
        if "/K" in entry:
            yield from _entries(entry["/K"])


def _kinds(node: Any) -> Iterator[str]:
    return (str(entry["/S"]) for entry in _entries(node) if "/S" in entry)
