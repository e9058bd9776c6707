"""A questionnaire as arrays: what one kind of unit is asked, in the order and with the weights that scoring needs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter

import numpy as np
from numpy.typing import NDArray

from assessment.questionnaire.models import (
    Aggregate,
    Dimension,
    LevelScale,
    Question,
    Questionnaire,
)
from assessment.scoring.aggregates import Array

#: Codes of a question's states beside its options, which are coded 0, 1, 2, … in the file's order.
NOT_APPLICABLE, DONT_KNOW, UNANSWERED = 253, 254, 255
MAX_OPTIONS = NOT_APPLICABLE

Codes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Node:
    """A dimension, or the whole questionnaire (`dimension` None); `children` index the plan's items."""

    dimension: Dimension | None
    parent_id: str | None
    aggregate: Aggregate
    children: tuple[int, ...]
    weights: Array

    @property
    def id(self) -> str | None:
        return self.dimension.id if self.dimension else None


@dataclass(frozen=True)
class Plan:
    """What a unit of one kind is asked by one questionnaire version.

    Items are the questions (0 … Q−1) and then the nodes (Q, Q+1, …), the whole questionnaire first and every
    parent before its children; branches that ask nothing of this kind are left out.
    """

    questionnaire: Questionnaire
    kind: str
    questions: tuple[Question, ...]
    nodes: tuple[Node, ...]

    @cached_property
    def column(self) -> dict[str, int]:
        """The column of each question, by id."""
        return {question.id: index for index, question in enumerate(self.questions)}

    @cached_property
    def option_values(self) -> Array:
        """Questions × options: the value of each option; NaN beyond a question's last one."""
        width = max(len(question.options) for question in self.questions)
        values = np.full((len(self.questions), width), np.nan)
        for row, question in enumerate(self.questions):
            values[row, : len(question.options)] = [option.value for option in question.options]
        return values

    @cached_property
    def value_of_code(self) -> Array:
        """Questions × 256: the value of each code; 0 for those that are no option of the question."""
        values = np.zeros((len(self.questions), 256))
        values[:, : self.option_values.shape[1]] = np.nan_to_num(self.option_values)
        return values

    @cached_property
    def effective_weights(self) -> Array:
        """Nodes × questions: each question's share of each node's weight; 0 where it doesn't belong.

        The product of normalised weights on the path: for arithmetic means exactly the change of the node's score
        per change of the answer. Source: COINr `get_eff_weights`.
        """
        shares = np.zeros((len(self.nodes), len(self.questions)))
        for index in reversed(range(len(self.nodes))):
            node = self.nodes[index]
            total = node.weights.sum()
            for child, weight in zip(
                node.children, node.weights / total if total else node.weights, strict=True
            ):
                if child < len(self.questions):
                    shares[index, child] = weight
                else:
                    shares[index] += weight * shares[child - len(self.questions)]
        return shares

    @property
    def minimum(self) -> float:
        return self.questionnaire.scale.minimum

    @property
    def maximum(self) -> float:
        return self.questionnaire.scale.maximum

    @property
    def has_levels(self) -> bool:
        return isinstance(self.questionnaire.scale, LevelScale)

    @cached_property
    def conditions(self) -> tuple[tuple[int, int, float], ...]:
        """(column, column that decides, least value) for questions with `show_when`, deciders first."""
        found = [
            (self.column[q.id], self.column[q.show_when.question], q.show_when.at_least)
            for q in self.questions
            if q.show_when and q.show_when.question in self.column
        ]
        order = TopologicalSorter({column: [decider] for column, decider, _ in found}).static_order()
        place = {column: number for number, column in enumerate(order)}
        return tuple(sorted(found, key=lambda entry: place[entry[0]]))


def plan_for(questionnaire: Questionnaire, kind: str) -> Plan | None:
    """The plan for units of `kind` ('country' or 'domain'); None when nothing is asked of them."""
    questions = tuple(q for q in questionnaire.questions.values() if q.is_asked_of(kind))
    if not questions:
        return None
    builder = _Builder(questionnaire, {question.id: index for index, question in enumerate(questions)})
    builder.add(None, None)
    return Plan(questionnaire, kind, questions, tuple(node for node in builder.nodes if node))


class _Builder:
    """Lays the tree out flat, every parent before its children."""

    def __init__(self, questionnaire: Questionnaire, columns: dict[str, int]) -> None:
        self._questionnaire = questionnaire
        self._columns = columns
        self.nodes: list[Node | None] = []

    def add(self, dimension: Dimension | None, parent_id: str | None) -> int | None:
        """Adds a node and all below it; returns its item number, None when it asks nothing."""
        if dimension and not any(question.id in self._columns for question in dimension.all_questions()):
            return None
        position = len(self.nodes)
        self.nodes.append(None)
        below = dimension.dimensions if dimension else self._questionnaire.dimensions
        parent = dimension.id if dimension else None
        items = [(self.add(child, parent), child.weight) for child in below]
        items += [(self._columns.get(q.id), q.weight) for q in (dimension.questions if dimension else ())]
        kept = [(item, weight) for item, weight in items if item is not None]
        aggregate = (dimension and dimension.aggregate) or self._questionnaire.scoring.aggregate
        children = tuple(item for item, _ in kept)
        weights = np.array([weight for _, weight in kept], dtype=float)
        self.nodes[position] = Node(dimension, parent_id, aggregate, children, weights)
        return len(self._columns) + position
