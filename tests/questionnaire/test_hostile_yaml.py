"""Files that are broken by accident or made to break the reader: each accepted or refused, at its place, in no time."""

from __future__ import annotations

import time

import pytest
import yaml

from assessment import errors
from assessment.questionnaire.loading import load_questionnaire
from assessment.questionnaire.yaml_source import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_KEY,
    MAX_TEXT,
    MAX_VALUES,
    read_yaml,
)
from tests.questionnaire.builders import (
    GOOD,
    as_yaml,
    assert_refused,
    dimension,
    load,
    question,
    questionnaire,
    refusal,
)  # fmt: skip


def assert_no_yaml(content: bytes | str, line: int, reason: str) -> None:
    assert_refused(content, line, errors.YAML_SYNTAX, reason=reason)


# Bombs ------------------------------------------------------------------------------------------------


def alias_bomb() -> str:
    lines = ["x0: &x0 [a, a, a, a, a, a, a, a, a]"]
    return "\n".join(lines + [f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]" for n in range(1, 10)])


def merge_bomb() -> str:
    lines = ["x0: &x0 {k: v}"]
    return "\n".join(lines + [f"x{n}: &x{n} {{<<: [{', '.join([f'*x{n - 1}'] * 9)}]}}" for n in range(1, 10)])


@pytest.mark.parametrize("bomb", [alias_bomb(), merge_bomb()], ids=["aliases", "merge keys"])
def test_a_bomb_is_refused_before_it_grows(bomb: str) -> None:
    start = time.perf_counter()
    found = refusal((GOOD + bomb).encode())
    assert time.perf_counter() - start < 1
    anchors = [problem for problem in found if problem.code == errors.YAML_ALIAS.code]
    first = GOOD.count("\n") + 1
    assert anchors[0] == errors.YAML_ALIAS.at("f.yaml", first, name="&x0")
    assert errors.YAML_ALIAS.at("f.yaml", first + 9, name="*x8") in anchors
    assert {problem.line for problem in found} == set(range(first, first + 10))


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "[{a: "])
def test_25000_nested_brackets_are_refused_not_followed(opening: str) -> None:
    assert_refused(opening * 25_000, 1, errors.YAML_TOO_DEEP, limit=MAX_DEPTH)


def test_nesting_by_indentation_is_refused_at_the_line_that_goes_too_deep() -> None:
    text = "\n".join(f"{'  ' * depth}a:" for depth in range(500))
    assert_refused(text, MAX_DEPTH + 2, errors.YAML_TOO_DEEP, limit=MAX_DEPTH)


def test_nested_keys_are_refused_not_followed() -> None:
    assert_refused("? " * 5_000 + "a", 1, errors.YAML_KEY_NOT_TEXT)


def test_a_file_of_50_megabytes_is_refused_by_its_size_without_parsing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(yaml, "SafeLoader", None)
    content = b"a: b\n" * 10_000_000
    assert_refused(content, 0, errors.FILE_TOO_LARGE, size=50_000_000, limit=MAX_BYTES)


def test_a_file_of_just_the_largest_size_is_read() -> None:
    filler = b"#" * (MAX_BYTES - len(GOOD.encode()))
    assert load_questionnaire(GOOD.encode() + filler, "f.yaml") == load(GOOD)
    assert_refused(
        GOOD.encode() + filler + b"#", 0, errors.FILE_TOO_LARGE, size=MAX_BYTES + 1, limit=MAX_BYTES
    )


def test_more_values_than_any_questionnaire_has_are_refused() -> None:
    text = "".join(f"- {n}\n" for n in range(MAX_VALUES + 1))
    assert_refused(text, MAX_VALUES, errors.YAML_TOO_MANY, limit=MAX_VALUES)


def test_a_text_longer_than_any_book_is_refused_once() -> None:
    text = GOOD.replace("Who decides?", "x" * (MAX_TEXT + 1))
    assert_refused(text, 3, errors.YAML_TEXT_TOO_LONG, size=MAX_TEXT + 1, limit=MAX_TEXT)


def test_a_level_of_5000_digits_is_refused_not_computed() -> None:
    found = refusal(GOOD.replace("          2: ", f"          ? {'9' * 5_000}\n          : ").encode())
    assert found[1] == errors.YAML_TEXT_TOO_LONG.at("f.yaml", 16, size=5_000, limit=MAX_KEY)
    assert [(problem.line, problem.code) for problem in found] == [(14, "Q303"), (16, "Q111")]


@pytest.mark.parametrize("level", ["²", "x", "-1", "1.5", ""])
def test_a_level_that_is_no_number_is_refused_not_computed(level: str) -> None:
    text = GOOD.replace("          2: ", f'          "{level}": ')
    assert [problem.code for problem in refusal(text.encode())] == [errors.LEVELS_DIFFER.code]


def test_thousands_of_unknown_references_are_all_told_in_good_time() -> None:
    unknown = [question(f"question-{n}", requires=[f"no-question-{n}"]) for n in range(1_500)]
    content = as_yaml(questionnaire(dimension("direction", *unknown)))
    start = time.perf_counter()
    found = refusal(content)
    assert time.perf_counter() - start < 20
    assert [problem.code for problem in found] == [errors.REFERENCE_UNKNOWN.code] * 1_500
    assert "Did you mean" in found[0].text


def test_up_to_its_limits_a_file_is_read() -> None:
    lists = "[" * MAX_DEPTH + "x" + "]" * MAX_DEPTH
    assert read_yaml(lists.encode(), "f.yaml").problems == []
    too_deep = errors.YAML_TOO_DEEP.at("f.yaml", 1, limit=MAX_DEPTH)
    assert read_yaml(f"[{lists}]".encode(), "f.yaml").problems == [too_deep]
    assert read_yaml(f"{'k' * MAX_KEY}: {'x' * MAX_TEXT}".encode(), "f.yaml").problems == []


# Text that is no text ----------------------------------------------------------------------------------


def test_bytes_that_are_not_utf8_are_refused_with_their_line() -> None:
    content = GOOD.replace("–", "@").encode().replace(b"@", b"\x96")
    assert_refused(content, 16, errors.FILE_NOT_UTF8, byte=content.index(b"\x96") + 1)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_other_encodings_are_refused(encoding: str) -> None:
    (problem,) = refusal(GOOD.encode(encoding))
    assert (problem.line, problem.code) in ((1, errors.FILE_NOT_UTF8.code), (1, errors.YAML_SYNTAX.code))


def test_a_byte_order_mark_is_accepted() -> None:
    assert load_questionnaire(b"\xef\xbb\xbf" + GOOD.encode(), "f.yaml") == load(GOOD)


def test_windows_line_ends_are_accepted_and_counted_once() -> None:
    windows = GOOD.replace("\n", "\r\n")
    assert load(windows) == load(GOOD)
    assert refusal(windows.replace("100 %", "#").replace("2: Yes", "3: Yes").encode())[0].line == 14


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\ufffe", "\x85", "\u2028"])
def test_a_control_character_is_refused_at_its_line(character: str) -> None:
    reason = f"the character U+{ord(character):04X} is not allowed; remove it"
    assert_no_yaml(GOOD.replace("anybody", f"any{character}body"), 12, reason)


@pytest.mark.parametrize("escape", [r"\0", r"\a", r"\e", r"\x7f", r"\uD800", r"\uFFFE", r"\N", r"\L"])
@pytest.mark.parametrize(
    ("line", "before", "after"), [(12, "Has anybody decided?", '"{}"'), (3, "title", '"{}"')]
)
def test_an_escape_brings_in_nothing_that_would_be_refused_raw(
    escape: str, line: int, before: str, after: str
) -> None:
    (problem,) = refusal(GOOD.replace(before, after.format(escape)).encode())
    assert (problem.line, problem.code) == (line, errors.YAML_SYNTAX.code)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (GOOD.replace("Who decides?", r'"\U00110000"'), 3),
        (GOOD.replace("Who decides?", r'"\UFFFFFFFF"'), 3),
        (f"%YAML 1.{'9' * 5_000}\n---\n{GOOD}", 1),
    ],
)
def test_a_number_too_large_for_the_reader_is_refused_not_computed(text: str, line: int) -> None:
    assert_no_yaml(text, line, "a number in an escape or a directive is too large")


# What is no questionnaire -------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment", "\ufeff"])
def test_an_empty_file_is_refused(text: str) -> None:
    assert_refused(text, 1, errors.YAML_EMPTY)


@pytest.mark.parametrize("text", ["- a\n", "a\n", "---", "5", "[]", "null"])
def test_a_file_that_is_no_mapping_is_refused(text: str) -> None:
    assert_refused(text, 1, errors.MAPPING_EXPECTED, key="f.yaml")


def test_two_documents_are_refused_where_the_second_starts() -> None:
    second = GOOD.count("\n") + 1
    assert_no_yaml(f"{GOOD}---\n{GOOD}", second, "a second document starts here; a file holds one")


def test_a_tab_as_indentation_is_refused_in_plain_words() -> None:
    text = GOOD.replace("    title: Direction", "\ttitle: Direction")
    assert_no_yaml(text, 9, "a tab is used for indentation; use spaces")


def test_a_tag_runs_nothing() -> None:
    tagged = GOOD.replace("Who decides?", "!!python/object/apply:os.abort []")
    assert_refused(tagged, 3, errors.YAML_TAG, tag="!!python/object/apply:os.abort")
