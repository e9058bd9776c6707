"""Where marks and their names go, so that none hides another: in px, on a plot of a known size. The same every time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

#: Between the middles of two marks that would fall together.
STEP = 12.0


class Box(NamedTuple):
    """A rectangle on the plot; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, other: Box) -> bool:
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )


class Mark(NamedTuple):
    """The middle of a mark, and the way in which marks at the same place give way: -1 or 1 along each axis."""

    x: float
    y: float
    to_right: int = 1
    to_bottom: int = 1


class Label(NamedTuple):
    """Where the name of one mark goes; `side` is where it stands: 'right', 'left' or 'middle' above or below it."""

    mark: int
    box: Box
    side: str


def spread_out(marks: Sequence[Mark], room: tuple[float, float]) -> list[tuple[float, float]]:
    """A place for each mark; those at one place fill a block that grows from there, within `room` (width, height)."""
    members: dict[Mark, list[int]] = {}
    for number, mark in enumerate(marks):
        members.setdefault(mark, []).append(number)
    places = [(mark.x, mark.y) for mark in marks]
    for mark, numbers in members.items():
        step, columns = _block(len(numbers), room)
        for place, number in enumerate(numbers):
            line, column = divmod(place, columns)
            places[number] = (mark.x + mark.to_right * column * step, mark.y + mark.to_bottom * line * step)
    return places


def _block(marks: int, room: tuple[float, float]) -> tuple[float, int]:
    """How far apart so many marks stand, and how many of them in a line: closer only where they are too many."""
    step = STEP
    while int(room[0] // step + 1) * int(room[1] // step + 1) < marks:
        step *= 0.95
    return step, int(room[0] // step + 1)


def place_labels(
    places: Sequence[tuple[float, float]],
    sizes: Sequence[tuple[float, float]],
    plot: Box,
    taken: Iterable[Box],
    mark_size: float,
) -> list[Label]:
    """Names where there is room for them, greedily: who stands freest comes first, and who finds no room has none.

    Args:
        places: The middle of each mark.
        sizes: Width and height of each name.
        plot: What names stay within.
        taken: What they keep clear of, beside all marks.
        mark_size: Width and height of a mark.
    """
    half = mark_size / 2
    marks = [Box(x - half, y - half, x + half, y + half) for x, y in places]
    full = [*taken, *marks]
    found: list[Label] = []
    for number in sorted(
        range(len(places)), key=lambda number: (_neighbours(places, number), places[number])
    ):
        for side, box in _sides(places[number], sizes[number], half):
            if plot.holds(box) and not any(box.meets(other) for other in full):
                full.append(box)
                found.append(Label(number, box, side))
                break
    return found


def _neighbours(places: Sequence[tuple[float, float]], number: int) -> int:
    """How many other marks are near."""
    x, y = places[number]
    return sum(abs(x - other) < 4 * STEP and abs(y - below) < 2 * STEP for other, below in places) - 1


def _sides(place: tuple[float, float], size: tuple[float, float], half: float) -> Iterable[tuple[str, Box]]:
    """The places that a name may have, the best first."""
    (x, y), (width, height) = place, size
    top, bottom = y - height / 2, y + height / 2
    yield "right", Box(x + half, top, x + half + width, bottom)
    yield "left", Box(x - half - width, top, x - half, bottom)
    yield "middle", Box(x - width / 2, y - half - height, x + width / 2, y - half)
    yield "middle", Box(x - width / 2, y + half, x + width / 2, y + half + height)
