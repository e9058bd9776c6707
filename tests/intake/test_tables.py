from __future__ import annotations

import csv
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment import errors
from assessment.errors import Message, Problem, listed
from assessment.intake import findings, tables
from assessment.intake.tables import Table, read_table

COLUMNS = ("id", "title", "comment")
KNOWN = listed(COLUMNS)


def read(content: bytes | str) -> Table:
    return read_table(
        content.encode() if isinstance(content, str) else content, "t.csv", COLUMNS, ("comment",)
    )


def cells(table: Table) -> list[tuple[str, ...]]:
    return list(table.rows.itertuples(index=False, name=None))


def found(message: Message, line: int, **values: object) -> Problem:
    return message.at("t.csv", line, **values)


ROWS = [("1", "One", "first"), ("2", "Two", "")]
PLAIN = "id,title,comment\n1,One,first\n2,Two,\n"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(PLAIN.encode(), id="plain"),
        pytest.param(b"\xef\xbb\xbf" + PLAIN.encode(), id="byte order mark"),
        pytest.param(PLAIN.replace(",", ";").encode(), id="semicolons"),
        pytest.param(PLAIN.replace(",", "\t").encode(), id="tabs"),
        pytest.param(PLAIN.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(PLAIN.replace("\n", "\r").encode(), id="CR"),
        pytest.param(PLAIN.rstrip().encode(), id="no line end at the end"),
        pytest.param(PLAIN.replace("\n", "\n\n  \n").encode(), id="blank lines"),
        pytest.param(b"\n\n" + PLAIN.encode(), id="blank lines before the header"),
        pytest.param(
            PLAIN.replace("\n", "\n,,\n").encode(), id="rows of empty cells, as spreadsheets leave them"
        ),
        pytest.param(PLAIN.encode() + b",,,,,,\n", id="a longer row of empty cells"),
        pytest.param(b" ID ,Title,\tCOMMENT\n1,One,first\n2,Two,\n", id="case and spaces in the header"),
        pytest.param(b'"id","title","comment"\n"1","One","first"\n"2","Two",""\n', id="all quoted"),
        pytest.param(b"id, title, comment\n1,  One , first\n 2 ,Two, \n", id="spaces around cells"),
        pytest.param(b'id, title, comment\n1, "One", "first"\n2, "Two",\n', id="spaces before quotes"),
        pytest.param(b"comment,id,title\nfirst,1,One\n,2,Two\n", id="another order of columns"),
    ],
)
def test_what_is_clear_is_accepted(content: bytes) -> None:
    table = read(content)
    assert table.problems == ()
    assert tuple(table.rows.columns) == COLUMNS
    assert cells(table) == ROWS


def test_an_optional_column_that_is_missing_is_empty() -> None:
    assert cells(read("id,title\n1,One\n")) == [("1", "One", "")]


def test_a_file_with_a_header_only_has_no_rows() -> None:
    table = read("id,title\n")
    assert (cells(table), table.problems) == ([], ())
    assert tuple(table.rows.columns) == COLUMNS


def test_a_separator_inside_quotes_of_the_header_does_not_decide() -> None:
    table = read('id;"title";"a, b, c, d"\n')
    assert [problem.code for problem in table.problems] == [errors.COLUMN_UNKNOWN.code]


def test_texts_that_pandas_takes_for_missing_stay_texts() -> None:
    assert cells(read("id,title,comment\nNA,null,NaN\n007,1e5,None\n")) == [
        ("NA", "null", "NaN"),
        ("007", "1e5", "None"),
    ]


def test_a_cell_keeps_its_line_breaks_quotes_and_separators() -> None:
    assert cells(read('id,title,comment\n1,"a\r\nb\nc\rd","say ""yes"", now"\n')) == [
        ("1", "a\r\nb\nc\rd", 'say "yes", now')
    ]


def test_the_line_of_a_row_is_where_it_starts_in_the_file() -> None:
    table = read('\nid,title\n\n1,"two\nlines"\r\n2,Two\r3,"\r\r"\n\n4,Four')
    assert [row[0] for row in cells(table)] == ["1", "2", "3", "4"]
    assert table.lines.tolist() == [4, 6, 7, 11]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param(b"", found(errors.TABLE_EMPTY, 1, columns=KNOWN), id="empty"),
        pytest.param(b"\xef\xbb\xbf\n \n,,\n", found(errors.TABLE_EMPTY, 1, columns=KNOWN), id="only blanks"),
        pytest.param(
            "id,title\n1,Égalité\n".encode("cp1252"),
            found(errors.TABLE_NOT_UTF8, 2, byte=0xC9),
            id="Windows encoding",
        ),
        pytest.param(
            b"id,title\r\r\n1,\xff\n", found(errors.TABLE_NOT_UTF8, 3, byte=0xFF), id="broken UTF-8"
        ),
        pytest.param(b"id,title\n1,a\n2,b\0c\n", found(errors.TABLE_NUL, 3), id="NUL"),
        pytest.param(
            PLAIN.encode("utf-16"), found(errors.TABLE_ENCODING, 0, encoding="UTF-16"), id="UTF-16 with mark"
        ),
        pytest.param(
            PLAIN.encode("utf-16-be"), found(errors.TABLE_ENCODING, 0, encoding="UTF-16"), id="UTF-16 without"
        ),
        pytest.param(
            PLAIN.encode("utf-16-le"), found(errors.TABLE_ENCODING, 0, encoding="UTF-16"), id="little-endian"
        ),
        pytest.param(
            ",".join(["x"] * 201).encode(),
            found(errors.TABLE_TOO_WIDE, 1, found=201, limit=200),
            id="too wide",
        ),
        pytest.param(
            b"id,title\n1,One\n",
            None,
            id="nothing wrong",
        ),
    ],
)
def test_a_file_that_is_no_table_is_refused_as_a_whole(content: bytes, problem: Problem | None) -> None:
    table = read(content)
    assert table.problems == ((problem,) if problem else ())
    assert table.rows.empty == bool(problem)


def test_an_excel_workbook_is_named_as_such() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    reason = "it is an Excel workbook. Save it as 'CSV UTF-8'."
    assert read(buffer.getvalue()).problems == (found(errors.TABLE_UNREADABLE, 0, reason=reason),)


def test_a_file_over_the_limit_is_not_even_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_BYTES", 10)
    assert read(b"\xff" * 11).problems == (found(errors.TABLE_TOO_LARGE, 0, size=11, limit=10),)
    assert read(b"id,title\n1").problems == (found(errors.ROW_LENGTH, 2, found=1, expected=2, separator=","),)


def test_the_limits_are_fifty_megabytes_and_two_hundred_columns() -> None:
    assert (tables.MAX_BYTES, tables.MAX_COLUMNS) == (50_000_000, 200)


def test_every_fault_of_the_header_is_named_and_no_cell_is_guessed() -> None:
    table = read("ID,titel,id,colour\n1,One,2,red\n")
    assert table.rows.empty
    assert table.problems == (
        found(errors.COLUMN_TWICE, 1, column="id"),
        found(errors.COLUMN_UNKNOWN, 1, column="titel", suggestion=" Did you mean 'title'?", known=KNOWN),
        found(errors.COLUMN_UNKNOWN, 1, column="colour", suggestion="", known=KNOWN),
        found(errors.COLUMN_MISSING, 1, column="title", suggestion=" Is it 'titel'?", needed=KNOWN),
    )


def test_an_extra_column_does_not_hide_what_is_wrong_in_the_others() -> None:
    table = read("id,title,colour\n1,One,red\n")
    assert table.problems == (found(errors.COLUMN_UNKNOWN, 1, column="colour", suggestion="", known=KNOWN),)
    assert cells(table) == [("1", "One", "")]


def test_a_misspelt_optional_column_leaves_its_cells_unjudged() -> None:
    table = read("id,title,coment\n1,One,x\n")
    near = " Did you mean 'comment'?"
    assert table.problems == (found(errors.COLUMN_UNKNOWN, 1, column="coment", suggestion=near, known=KNOWN),)
    assert table.rows.empty


def test_a_header_with_an_unknown_separator_is_one_unknown_column() -> None:
    problems = read("id|title\n1|One\n").problems
    assert [problem.code for problem in problems] == ["A107", "A106", "A106"]


def test_rows_with_too_many_or_too_few_cells_are_named_and_the_others_kept() -> None:
    table = read("id;title\n1;One\n2\n3;Three;3\n4;Four\n")
    assert table.problems == (
        found(errors.ROW_LENGTH, 3, found=1, expected=2, separator=";"),
        found(errors.ROW_LENGTH, 4, found=3, expected=2, separator=";"),
    )
    assert [row[0] for row in cells(table)] == ["1", "4"]
    assert table.lines.tolist() == [2, 5]


def test_a_tab_as_separator_is_written_out_in_the_message() -> None:
    assert read("id\ttitle\n1\n").problems == (
        found(errors.ROW_LENGTH, 2, found=1, expected=2, separator=r"\t"),
    )


def test_a_quote_that_is_never_closed_is_named_where_it_opens() -> None:
    table = read('id,title\n1,One\n2,"Two\n3,Three\n')
    reason = "a quote is opened and never closed"
    assert table.problems == (found(errors.TABLE_SYNTAX, 3, reason=reason),)
    assert cells(table) == [("1", "One", "")]


def test_a_quote_that_closes_too_early_costs_one_row_only() -> None:
    table = read('id,title\n1,"One" more\n2,Two\n')
    reason = "a quoted text goes on after its closing quote"
    assert table.problems == (found(errors.TABLE_SYNTAX, 2, reason=reason),)
    assert cells(table) == [("2", "Two", "")]


def test_a_header_that_cannot_be_split_is_the_only_problem() -> None:
    assert [str(p.line) + p.code for p in read('id,"title" x\n1\n').problems] == ["1A105"]
    assert [str(p.line) + p.code for p in read('id,"title\n1\n').problems] == ["1A105"]


def test_a_text_beyond_the_readers_limit_is_a_problem_of_its_row() -> None:
    size = csv.field_size_limit()
    table = read(f"id,title\n1,{'x' * (size + 1)}\n2,Two\n")
    reason = f"a text is longer than {size} characters, or its quote is never closed"
    assert table.problems == (found(errors.TABLE_SYNTAX, 2, reason=reason),)
    assert cells(table) == [("2", "Two", "")]


def test_a_file_that_is_wrong_everywhere_lists_the_first_thousand_and_counts_the_rest() -> None:
    table = read("id,title\n" + "x\n" * 2_500)
    assert len(table.problems) == findings.MAX_PROBLEMS
    assert table.unlisted == 1_500


def test_names_of_columns_are_shortened_and_made_visible() -> None:
    (problem,) = read(f'id,title,"{"x" * 100}\n\x1b[31m"\n').problems
    assert "x" * 79 + "…" in problem.text
    assert "\n" not in problem.text
    assert "\x1b" not in problem.text


# What csv.writer can write and a person can mean: no NUL (refused), no lone surrogates (no text).
TEXTS = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"])
    | st.sampled_from("\"',;\t\r\n \u2028\x85"),
    max_size=20,
)
LEADING = st.text("abc123", min_size=1, max_size=3)


@settings(deadline=None)
@given(
    rows=st.lists(st.tuples(LEADING, TEXTS, TEXTS), max_size=8),
    separator=st.sampled_from(",;\t"),
    quote_all=st.booleans(),
    mark=st.booleans(),
)
def test_any_table_that_was_written_reads_back_equal(
    rows: list[tuple[str, str, str]], separator: str, quote_all: bool, mark: bool
) -> None:
    buffer = io.StringIO(newline="")
    minimal = csv.writer(buffer, delimiter=separator)
    writer = csv.writer(buffer, delimiter=separator, quoting=csv.QUOTE_ALL) if quote_all else minimal
    writer.writerows([COLUMNS, *rows])
    table = read(buffer.getvalue().encode("utf-8-sig" if mark else "utf-8"))
    assert table.problems == ()
    assert cells(table) == [tuple(cell.strip() for cell in row) for row in rows]


@settings(deadline=None)
@given(
    content=st.binary(max_size=200)
    | st.text(st.sampled_from('id,tle;\t"\r\n\0é'), max_size=60).map(str.encode)
)
def test_no_content_whatsoever_makes_reading_fail(content: bytes) -> None:
    table = read(content)
    assert len(table.rows) == len(table.lines)
