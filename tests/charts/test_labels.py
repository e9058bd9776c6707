from __future__ import annotations

import pytest

from assessment.charts.labels import escaped, is_cut, line_count, text_columns, wrapped


@pytest.mark.parametrize("sign", ["<", ">", "$"])
def test_a_sign_that_plotly_interprets_never_stays(sign: str):
    assert sign not in escaped(f"a {sign} b")


def test_an_ampersand_is_escaped_so_that_an_entity_stays_what_was_typed():
    assert escaped("&lt;b&gt; R&D") == "&amp;lt;b&amp;gt; R&amp;D"


def test_a_template_place_is_broken_but_a_percentage_is_left_alone():
    assert escaped("%{x} 50 %") == "&#37;{x} 50 %"


def test_marks_that_turn_text_round_go_and_letters_from_right_to_left_stay():
    assert escaped("\u202eevil\u202c \u2067x\u2069 بولندا \u200f") == "evil x بولندا \u200f"


def test_line_ends_and_control_characters_become_spaces():
    assert escaped(" a\r\nb\x00c\t d ") == "a b c d"


def test_half_a_surrogate_pair_can_still_be_sent():
    assert escaped("a\ud800b").encode() == "a\ufffdb".encode()


def test_wrapped_lines_keep_every_word():
    label = wrapped("Roles and decision rights of the group", 12)
    assert label == "Roles and<br>decision<br>rights of<br>the group"
    assert line_count(label) == 4


def test_what_is_cut_ends_in_an_ellipsis_within_the_width():
    label = wrapped("Roles and decision rights of the group", 12, 2)
    assert label == "Roles and<br>decision…"
    assert is_cut("Roles and decision rights of the group", 12, 2)
    assert not is_cut("Roles and decision", 12, 2)


def test_a_word_without_spaces_is_broken_where_it_must_be():
    lines = wrapped("x" * 300, 17, 40).split("<br>")
    assert "".join(lines) == "x" * 300
    assert {len(line) for line in lines[:-1]} == {17}


def test_escaping_happens_after_wrapping_so_that_no_entity_is_cut():
    assert wrapped("<<<<<<", 3) == "&lt;&lt;&lt;<br>&lt;&lt;&lt;"


def test_east_asian_letters_count_twice_and_combining_marks_not_at_all():
    assert wrapped("日本日本", 4) == "日本<br>日本"
    assert text_columns("e\u0301") == 1
    assert wrapped("e\u0301" * 4, 4) == "e\u0301" * 4


def test_nothing_is_one_empty_line():
    assert wrapped("  ", 10) == ""
