"""What one export is made from: read in one look, so that all of its files tell of the same moment."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import pandas as pd

from assessment.analysis.board_pack import BoardPack, board_pack, round_before
from assessment.analysis.clauses import FactValues
from assessment.analysis.commitments import Said
from assessment.analysis.moves import latest_moves, moves_table
from assessment.analysis.peers import QuartilesOf
from assessment.analysis.readiness import RoundFindings, gate_table, round_findings, verdict_table
from assessment.analysis.scorecard import Material, Scorecard, scorecard
from assessment.analysis.unseen import is_a_guess
from assessment.organisation import Round, up_to
from assessment.questionnaire.models import Question, Questionnaire, UnitKind
from assessment.scoring.table import ScoringInput, of_units, score_table

#: So many next moves each assessment has in a file.
MOVES_IN_FILE = 10


@dataclass(frozen=True)
class Snapshot:
    """One round, with those before it or without, as far as the person may read.

    `data` may reach further than `units`, whose numbers are handed over: a domain's gates read its country's answers.
    `asked_for` is the unit that was chosen, '' for all that the person may export. `readable` are the units whose
    answers the person may see, `hidden` those of them that they may not see yet in a round. `others` are the quartiles that the
    unit may be put beside.
    """

    data: ScoringInput
    round_id: str
    units: frozenset[str]
    asked_for: str
    facts: Mapping[str, FactValues]
    said: tuple[Said, ...]
    at: datetime
    is_synthetic: bool
    readable: frozenset[str] = frozenset()
    hidden: Mapping[str, frozenset[str]] = field(default_factory=dict)
    others: QuartilesOf = field(default_factory=dict)

    @cached_property
    def rounds(self) -> tuple[Round, ...]:
        """The round and those before it, in time."""
        return up_to(self.data.rounds.values(), self.round_id)

    @cached_property
    def scores(self) -> pd.DataFrame:
        """The score table of all its rounds and units."""
        return self._ours(self._table)

    @cached_property
    def gates(self) -> pd.DataFrame:
        """Every gate of its units, by the rules that each round pinned."""
        return self._gates_in(self._findings)

    @cached_property
    def verdicts(self) -> pd.DataFrame:
        """The verdicts of its units, by the rules that each round pinned."""
        return self._verdicts_in(self._findings)

    def _gates_in(self, findings: Iterable[RoundFindings]) -> pd.DataFrame:
        """The gates of its units, without those that read answers which the person may not see.

        Unknown to them is not unknown.
        """
        gates = self._ours(gate_table(findings))
        read = zip(gates["round_id"], gates["source_unit_id"], strict=True)
        seen = [not source or source in self._seen(round_id) for round_id, source in read]
        return gates[pd.Series(seen, index=gates.index, dtype=bool)].reset_index(drop=True)

    def _verdicts_in(self, findings: Iterable[RoundFindings]) -> pd.DataFrame:
        """The verdicts of its units, without those that would be a guess."""
        known = list(findings)
        verdicts = self._ours(verdict_table(known))
        guesses = {
            (found.round_id, stage.unit_id, str(stage.stage))
            for found in known
            for stage in found.stages
            if is_a_guess(stage, self._seen(found.round_id))
        }
        keys = zip(*(verdicts[name] for name in ("round_id", "unit_id", "stage")), strict=True)
        told = pd.Series([key not in guesses for key in keys], index=verdicts.index, dtype=bool)
        return verdicts[told].reset_index(drop=True)

    @cached_property
    def moves(self) -> pd.DataFrame:
        """The next moves of its units in its latest round, with who took them on there."""
        return self._moves_of(self.units)

    @cached_property
    def country_moves(self) -> pd.DataFrame:
        """As `moves`, of countries alone: those of hundreds of domains take half a minute, and nobody reads them in a pack."""
        return self._moves_of({unit.id for unit in self.data.organisation.countries} & self.units)

    def _moves_of(self, units: Collection[str]) -> pd.DataFrame:
        return moves_table(
            latest_moves(of_units(self.data, units), MOVES_IN_FILE),
            {(entry.round_id, entry.unit_id, entry.question_id): entry.content for entry in self.said},
        )

    @cached_property
    def scorecard(self) -> Scorecard:
        """The scorecard of the unit that was asked for, a country or a domain."""
        return scorecard(self._material, self.asked_for, self.others)

    @cached_property
    def board_pack(self) -> BoardPack:
        """The pack of the group."""
        earlier = round_before(self.data, self.round)
        return board_pack(
            self._material, self._judged(earlier) if earlier else None, self.said, self.at.date()
        )

    @property
    def round(self) -> Round:
        return self.data.rounds[self.round_id]

    @property
    def is_of_group(self) -> bool:
        """Whether it is of all units, or of the unit at their top: then its scorecard is a board pack."""
        units = self.data.organisation.units
        return not self.asked_for or units[self.asked_for].kind is UnitKind.GROUP

    @property
    def questionnaires(self) -> tuple[Questionnaire, ...]:
        """What the round asks, in its order."""
        return tuple(self.data.catalogue.get(*pin) for pin in self.round.questionnaires.items())

    @cached_property
    def asked_questions(self) -> Mapping[str, Question]:
        """Every question of its round, by id."""
        return {name: found for version in self.questionnaires for name, found in version.questions.items()}

    @property
    def gates_now(self) -> pd.DataFrame:
        """The gates of its round alone."""
        return self._gates_in([self.findings_now] if self.findings_now else [])

    @property
    def verdicts_now(self) -> pd.DataFrame:
        """The verdicts of its round alone."""
        return self._verdicts_in([self.findings_now] if self.findings_now else [])

    @property
    def scores_now(self) -> pd.DataFrame:
        """The score table of its round alone."""
        return self.scores[self.scores["round_id"] == self.round_id]

    @cached_property
    def _table(self) -> pd.DataFrame:
        """The score table of all that was read, those included whose numbers aren't handed over."""
        return score_table(self.data)

    @cached_property
    def _material(self) -> Material:
        taken_on = {
            (entry.unit_id, entry.question_id): entry.content
            for entry in self.said
            if entry.round_id == self.round_id
        }
        return Material(
            self.data, self._table, self.round, self.findings_now, taken_on,
            self._seen(self.round_id), self.hidden.get(self.round_id, frozenset()),
        )  # fmt: skip

    @cached_property
    def findings_now(self) -> RoundFindings | None:
        """What the rules say in its round; None without rules, or where nobody was asked."""
        return self._judged(self.round)

    @cached_property
    def _findings(self) -> tuple[RoundFindings, ...]:
        *earlier, _ = self.rounds
        found = [*map(self._judged, earlier), self.findings_now]
        return tuple(entry for entry in found if entry is not None)

    def _judged(self, entry: Round) -> RoundFindings | None:
        rules = self.data.catalogue.verdicts_of(entry.rules_version)
        if rules is None or not any(asked.round_id == entry.id for asked in self.data.asked):
            return None
        return round_findings(self.data, entry.id, rules, self.facts)

    def _seen(self, round_id: str) -> frozenset[str]:
        """The units whose answers in a round the person sees."""
        return self.readable - self.hidden.get(round_id, frozenset())

    def _ours(self, table: pd.DataFrame) -> pd.DataFrame:
        return table[table["unit_id"].isin(list(self.units))].reset_index(drop=True)
