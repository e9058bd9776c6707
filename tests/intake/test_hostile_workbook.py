"""A workbook that was made to do harm is refused in words, or read as the few lines that it has; nothing outside it is touched."""

from __future__ import annotations

import re
import tracemalloc
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from assessment.errors import IntakeError
from assessment.exports.workbook import Line, assessment_workbook
from assessment.intake import workbook
from assessment.intake.workbook import MAX_ROWS, Returned, open_workbook
from assessment.questionnaire.catalogue import Catalogue

#: So much may be needed at once beside the file itself, in bytes.
MEMORY = 300_000_000
Change = Callable[[str], str]


@pytest.fixture(scope="module")
def content(catalogue: Catalogue) -> bytes:
    version = catalogue.get("data-governance", "1.0.0")
    lines = [Line("Section", question, None, 0, None) for question in version.questions.values()]
    return assessment_workbook(version, lines, {"round_id": "R", "unit_id": "FR"})


def spoilt(content: bytes, part: str, change: Change, extra: dict[str, bytes] | None = None) -> bytes:
    """The workbook with one of its parts changed, and others added."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in given.infolist():
            data = given.read(entry)
            made.writestr(entry.filename, change(data.decode()) if entry.filename == part else data)
        for name, data in (extra or {}).items():
            made.writestr(name, data)
    return out.getvalue()


def answers_part(content: bytes) -> str:
    """The sheet with the most lines."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        sheets = [entry for entry in archive.infolist() if entry.filename.startswith("xl/worksheets/sheet")]
    return max(sheets, key=lambda entry: entry.file_size).filename


def within(content: bytes) -> Returned | str:
    """What is read, or the code of what refused it; in the memory that it may take."""
    tracemalloc.start()
    try:
        return open_workbook(content, "w.xlsx")
    except IntakeError as error:
        return error.problems[0].code
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < MEMORY


FAR = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>far</t></is></c></row></sheetData>'


def test_a_cell_at_the_far_end_costs_nothing(content: bytes):
    read = within(spoilt(content, answers_part(content), lambda xml: xml.replace("</sheetData>", FAR)))
    assert isinstance(read, Returned)
    assert len(read.rows) < MAX_ROWS


@pytest.mark.parametrize("told", ["A1:XFD1048576", "A1:A1", "nonsense", "A9999999:B1"])
def test_a_sheet_that_lies_about_its_size_is_read_or_refused(content: bytes, told: str):
    lie = lambda xml: re.sub(r'<dimension ref="[^"]*"', f'<dimension ref="{told}"', xml)  # noqa: E731
    read = within(spoilt(content, answers_part(content), lie))
    assert read == "A302" or isinstance(read, Returned)


def test_more_lines_than_any_questionnaire_has_are_not_read(content: bytes):
    many = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>x</t></is></c></row>' for n in range(900, 5_000)
    )
    read = within(
        spoilt(content, answers_part(content), lambda xml: xml.replace("</sheetData>", f"{many}</sheetData>"))
    )
    assert isinstance(read, Returned)
    assert max(line for line, _ in read.rows) <= MAX_ROWS


ENTITIES = "<!DOCTYPE x [" + '<!ENTITY a "' + "ha" * 50 + '">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 30}">' for before, name in zip("abcdef", "bcdefg", strict=True)
) + "]>"  # fmt: skip


def test_entities_that_grow_are_refused(content: bytes):
    def change(xml: str) -> str:
        return (
            re.sub(r"(<\?xml[^>]*\?>\s*)", rf"\1{ENTITIES}", xml, count=1)
            .replace("<t>", "<t>&g;", 1)
            .replace(
                "<sheetData>",
                '<sheetData><row r="2"><c r="A2" t="inlineStr"><is><t>&g;</t></is></c></row>',
                1,
            )
        )

    assert within(spoilt(content, answers_part(content), change)) == "A302"


def test_no_file_of_the_machine_gets_in(content: bytes, tmp_path: Path):
    secret = tmp_path / "secret.txt"
    secret.write_text("our worst secret")

    def change(xml: str) -> str:
        outside = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
        whole = re.sub(r"(<\?xml[^>]*\?>\s*)", rf"\1{outside}", xml, count=1)
        return whole.replace(
            "</sheetData>", '<row r="900"><c r="A900" t="inlineStr"><is><t>&e;</t></is></c></row></sheetData>'
        )

    assert "worst secret" not in str(within(spoilt(content, answers_part(content), change)))


def test_parts_that_name_places_elsewhere_are_not_followed(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    extra = dict.fromkeys(
        ("../../outside.xml", "/tmp/outside.xml", "C:\\outside.xml", "xl/../../outside.xml"), b"<x/>"
    )
    links = (
        '<Relationship Id="rIdX" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLink" '
        'Target="http://beacon.invalid/a.xlsx" TargetMode="External"/></Relationships>'
    )
    made = spoilt(
        content, "xl/_rels/workbook.xml.rels", lambda xml: xml.replace("</Relationships>", links), extra
    )
    read = within(made)
    assert read == "A302" or isinstance(read, Returned)
    assert list(tmp_path.iterdir()) == []


def test_texts_that_take_long_to_read_are_refused_before(content: bytes, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workbook, "_read", lambda _: pytest.fail("it was read"))
    texts = "<si><t>ab</t></si>" * 20_000
    made = spoilt(content, "xl/sharedStrings.xml", lambda xml: xml.replace("</sst>", f"{texts}</sst>"))
    assert within(made) == "A301"


def test_a_part_that_is_larger_than_it_says_is_refused(content: bytes):
    made = bytearray(spoilt(content, "", str, {"xl/more.xml": b"0" * 3_000_000}))
    # In the list at the end of the archive: the size before packing, of the part that was added last.
    place = made.rindex(b"PK\x01\x02") + 24
    made[place : place + 4] = (100).to_bytes(4, "little")
    read = within(bytes(made))
    assert read == "A302" or isinstance(read, Returned)


def test_a_workbook_within_a_workbook_is_only_a_part_of_it(content: bytes):
    nested = content
    for _ in range(5):
        nested = spoilt(content, "", str, {"xl/embeddings/book.xlsx": nested})
    assert isinstance(within(nested), Returned)


def test_macros_are_neither_run_nor_kept(content: bytes):
    assert isinstance(within(spoilt(content, "", str, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})), Returned)


def test_what_unpacks_to_much_is_refused_by_the_list_of_its_parts(
    content: bytes, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(workbook, "_read", lambda _: pytest.fail("it was read"))
    assert within(spoilt(content, "", str, {"xl/zeros.xml": b"0" * 4_100_000})) == "A301"
