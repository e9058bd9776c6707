from __future__ import annotations

import pytest

from assessment.charts.theme import DARK, LEVEL_FILLS, LEVEL_INKS, LIGHT, Palette, Room, Words, frame

BOTH = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
ROOM = Room(height=300, left=100, right=40, below=30)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Source: WCAG 2.2, contrast ratio."""
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("level", LEVEL_FILLS)
def test_digits_can_be_read_on_their_fill(level: int):
    assert contrast(LEVEL_INKS[level], LEVEL_FILLS[level]) >= 4.5


@BOTH
@pytest.mark.parametrize("role", ["ink", "muted", "attention"])
def test_text_can_be_read(palette: Palette, role: str):
    assert contrast(getattr(palette, role), palette.background) >= 4.5


@BOTH
def test_the_reason_in_a_missing_cell_can_be_read(palette: Palette):
    assert contrast(palette.muted, palette.missing) >= 4.5


@BOTH
@pytest.mark.parametrize("role", ["before", "now", "progress", "target", "attention", "context"])
def test_marks_stand_out_from_the_background(palette: Palette, role: str):
    assert contrast(getattr(palette, role), palette.background) >= 3


@BOTH
def test_every_questionnaires_marks_stand_out_from_the_background(palette: Palette):
    assert min(contrast(colour, palette.background) for colour in palette.series) >= 3


def test_words_are_left_to_the_page():
    layout = frame(LIGHT, Words("Source: round 1", key="▼ short"), ROOM)
    assert not layout.keys() & {"title", "annotations"}


def test_an_exported_picture_has_headline_subtitle_and_source():
    layout = frame(LIGHT, Words("Source: <round>", headline="Poland & all", subtitle="Mean"), ROOM)
    assert layout["title"]["text"] == "<b>Poland &amp; all</b>"
    assert layout["title"]["subtitle"]["text"] == "Mean"
    assert [note["text"] for note in layout["annotations"]] == ["Source: &lt;round&gt;"]


def test_an_exported_picture_keeps_its_plot_as_high_as_in_a_page():
    inside, exported = frame(LIGHT, Words("S"), ROOM), frame(LIGHT, Words("S", headline="H" * 300), ROOM)
    assert exported["height"] > inside["height"] + 60


def test_the_template_is_a_fraction_of_plotlys_own():
    assert len(repr(frame(LIGHT, Words("S"), ROOM)["template"])) < 1_200


def test_nothing_can_be_dragged_or_zoomed():
    layout = frame(LIGHT, Words("S"), ROOM)["template"]["layout"]
    assert layout["dragmode"] is False
    assert layout["xaxis"]["fixedrange"]
    assert layout["yaxis"]["fixedrange"]
