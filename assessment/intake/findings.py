"""What is wrong with a file: problems by line, with the file's own words made safe to show."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from assessment.errors import PROBLEMS_UNLISTED, IntakeError, Message, Problem, suggestion

MAX_SHOWN = 80
# A file that is wrong in every row would otherwise cost more memory in messages than in data.
MAX_PROBLEMS = 1_000
# difflib needs up to 30 ms for a word among thousands; who has more different typing errors has another problem.
MAX_SUGGESTIONS = 50
_NEAR = 0.75

Mask = NDArray[np.bool_]


def shown(text: str) -> str:
    r"""A text from a file as a message quotes it: at most 80 characters, control and invisible ones written out.

    >>> print(shown("two\nlines"))
    two\nlines
    """
    head = (c if c.isprintable() else c.encode("unicode_escape").decode() for c in text[: MAX_SHOWN + 1])
    visible = "".join(head)
    return visible if len(visible) <= MAX_SHOWN else f"{visible[: MAX_SHOWN - 1]}…"


class Nearby:
    """Near misses among the words that are known; another case counts as the nearest."""

    def __init__(self, known: Iterable[str]) -> None:
        self._by_fold = {word.casefold(): word for word in known}
        self._answers: dict[str, str] = {}

    def __call__(self, word: str) -> str:
        """' Did you mean …?', or nothing."""
        if word not in self._answers and len(self._answers) < MAX_SUGGESTIONS:
            near = difflib.get_close_matches(word.casefold(), self._by_fold, n=1, cutoff=_NEAR)
            self._answers[word] = suggestion(self._by_fold[near[0]], [self._by_fold[near[0]]]) if near else ""
        return self._answers.get(word, "")


class Findings:
    """Collects the problems of one file; keeps the first `MAX_PROBLEMS` by line and counts the rest."""

    def __init__(self, source: str, problems: Iterable[Problem] = (), unlisted: int = 0) -> None:
        self._source = source
        self._problems = list(problems)
        self._unlisted = unlisted
        self._counts = Counter(problem.code for problem in self._problems)

    def __bool__(self) -> bool:
        return bool(self._problems)

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(self._problems)

    @property
    def unlisted(self) -> int:
        return self._unlisted

    def add(self, message: Message, line: int, **values: object) -> None:
        """One problem; those with the same message come in the order of their lines."""
        self._counts[message.code] += 1
        if self._counts[message.code] > MAX_PROBLEMS:
            self._unlisted += 1
        else:
            self._problems.append(message.at(self._source, line, **values))

    def add_rows(
        self,
        mask: Mask,
        lines: NDArray[np.int64],
        message: Message,
        describe: Callable[[int], Mapping[str, object]],
    ) -> None:
        """One problem for each row in `mask`; `describe` gives the template's values for a row's position."""
        rows = np.flatnonzero(mask)
        for row in map(int, rows[:MAX_PROBLEMS]):
            self._problems.append(message.at(self._source, int(lines[row]), **describe(row)))
        self._unlisted += max(0, len(rows) - MAX_PROBLEMS)

    def raise_any(self) -> None:
        """Refuse the file if anything is wrong with it.

        Raises:
            IntakeError: With the problems by line.
        """
        if self._problems:
            raise IntakeError(self._in_order())

    def _in_order(self) -> Sequence[Problem]:
        ordered = sorted(self._problems, key=lambda problem: (problem.line, problem.code))
        unlisted = self._unlisted + max(0, len(ordered) - MAX_PROBLEMS)
        more = [PROBLEMS_UNLISTED.at(self._source, 0, count=unlisted)] if unlisted else []
        return [*ordered[:MAX_PROBLEMS], *more]
