"""What one export is made from: read in one look, so that all of its files tell of the same moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import pandas as pd

from assessment.analysis.clauses import FactValues
from assessment.analysis.commitments import Said
from assessment.analysis.moves import latest_moves, moves_table
from assessment.analysis.readiness import RoundFindings, gate_table, round_findings, verdict_table
from assessment.organisation import Round, in_time
from assessment.scoring.table import ScoringInput, of_units, score_table

#: So many next moves each assessment has in a file.
MOVES_IN_FILE = 10


@dataclass(frozen=True)
class Snapshot:
    """One round, with those before it or without, as far as the person may read.

    `data` may reach further than `units`, whose numbers are handed over: a domain's gates read its country's answers.
    `asked_for` is the unit that was chosen, '' for all that the person may export.
    """

    data: ScoringInput
    round_id: str
    units: frozenset[str]
    asked_for: str
    facts: Mapping[str, FactValues]
    said: tuple[Said, ...]
    at: datetime
    is_synthetic: bool

    @cached_property
    def rounds(self) -> tuple[Round, ...]:
        """The round and those before it, in time."""
        every = in_time(self.data.rounds.values())
        return tuple(every[: [entry.id for entry in every].index(self.round_id) + 1])

    @cached_property
    def scores(self) -> pd.DataFrame:
        """The score table of all its rounds and units."""
        return self._ours(score_table(self.data))

    @cached_property
    def gates(self) -> pd.DataFrame:
        """Every gate of its units, by the rules that each round pinned."""
        return self._ours(gate_table(self._findings))

    @cached_property
    def verdicts(self) -> pd.DataFrame:
        """The verdicts of its units, by the rules that each round pinned."""
        return self._ours(verdict_table(self._findings))

    @cached_property
    def moves(self) -> pd.DataFrame:
        """The next moves of its units in its latest round, with who took them on there."""
        return moves_table(
            latest_moves(of_units(self.data, self.units), MOVES_IN_FILE),
            {(entry.round_id, entry.unit_id, entry.question_id): entry.content for entry in self.said},
        )

    @cached_property
    def _findings(self) -> tuple[RoundFindings, ...]:
        asked = {entry.round_id for entry in self.data.asked}
        judged = [(entry, self.data.catalogue.verdicts_of(entry.rules_version)) for entry in self.rounds]
        return tuple(
            round_findings(self.data, entry.id, rules, self.facts)
            for entry, rules in judged
            if rules is not None and entry.id in asked
        )

    def _ours(self, table: pd.DataFrame) -> pd.DataFrame:
        return table[table["unit_id"].isin(list(self.units))].reset_index(drop=True)
