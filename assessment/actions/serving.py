"""What programs read of a round over HTTP: one table of it, as far as their token reaches, and on record."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from assessment.actions.desk import Desk
from assessment.actions.exporting import read_snapshot
from assessment.actions.refusals import watched
from assessment.analysis.readiness import earlier_rounds
from assessment.errors import ResponseError
from assessment.i18n import t
from assessment.store.engine import retried
from assessment.store.organisation import read_rounds
from assessment.store.workspace import EXPORTED, record


@dataclass(frozen=True, slots=True)
class RoundTable:
    """A table of one round, with the columns of the file of its name; `is_synthetic`: of the demonstration."""

    frame: pd.DataFrame
    is_synthetic: bool


@watched
def read_scores(desk: Desk, round_id: str, unit_id: str | None = None) -> RoundTable:
    """The scores of one round, of one unit and what is below it, or of all that may be exported; no gate is computed.

    Raises:
        NotAllowed: The unit isn't theirs to export.
        ResponseError: There is no such round.
    """
    snapshot = read_snapshot(desk, round_id, unit_id, earlier=0)
    return RoundTable(snapshot.scores, snapshot.is_synthetic)


@watched
def read_judged(desk: Desk, round_id: str, unit_id: str | None = None) -> tuple[RoundTable, RoundTable]:
    """The gates and the verdicts of one round, as `read_scores` gives scores: one comes of the other.

    Raises:
        NotAllowed, ResponseError: As for scores.
    """
    snapshot = read_snapshot(desk, round_id, unit_id, earlier=_rounds_before(desk, round_id))
    gates, verdicts = snapshot.gates_now, snapshot.verdicts_now
    return RoundTable(gates, snapshot.is_synthetic), RoundTable(verdicts, snapshot.is_synthetic)


def latest_round(desk: Desk) -> str:
    """The id of the latest round.

    Raises:
        ResponseError: There is none.
    """
    with desk.store.read() as connection:
        rounds = read_rounds(connection)
    if not rounds:
        raise ResponseError(t("There is no round yet."))
    return rounds[-1].id


@retried
def record_reading(desk: Desk, file: str, round_id: str, unit_id: str | None, rows: int, first: int) -> None:
    """Keep that these rows left, as any other export; `first` is how many rows of the table came before them."""
    detail = {"file": file, "round": round_id, "unit": unit_id, "rows": rows}
    with desk.store.write() as connection:
        record(connection, desk.stamp, EXPORTED, detail | ({"after": first} if first else {}))


def _rounds_before(desk: Desk, round_id: str) -> int:
    """How many rounds before it a round's gates are read in, too: some have to last."""
    with desk.store.read() as connection:
        known = {entry.id: entry for entry in read_rounds(connection)}
    rules = desk.catalogue.verdicts_of(known[round_id].rules_version) if round_id in known else None
    return len(earlier_rounds(known.values(), rules, round_id)) if rules else 0
