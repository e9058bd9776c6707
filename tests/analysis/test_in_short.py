from __future__ import annotations

import pytest

from assessment.analysis.gaps import GapFinding, GapRow, RoundRoles
from assessment.analysis.gates import Gate, GateState, StageName
from assessment.analysis.in_short import gate_counts, in_short
from assessment.analysis.readings import Known, Reading
from assessment.organisation import Round
from assessment.scoring.table import ScoreStatus

READY = "France is ready for a first pilot: all 3 hard gates are passed"


def gaps(title: str, *pairs: tuple[float | None, float | None]) -> GapFinding:
    """One questionnaire with rows of (score now, gap), named d0, d1, …"""
    rows = tuple(
        GapRow(
            f"d{place}", f"D{place}", None, (), now, None, gap,
            ScoreStatus.WITHHELD if now is None else ScoreStatus.SCORED,
        )
        for place, (now, gap) in enumerate(pairs)
    )  # fmt: skip
    return GapFinding("France", title, "q@1.0.0", (), RoundRoles(None, (), Round("r", "r")), rows)


@pytest.mark.parametrize(
    ("readiness", "findings", "sentence"),
    [
        (READY, [gaps("G", (2.0, 1.0), (2.0, 1.54))], f"{READY}; the widest gap is 1.5 on D1"),
        (
            "",
            [gaps("G", (2.0, 1.0)), gaps("O", (1.0, 2.0))],
            "France: the widest gap is 2.0 on D0 (O)",
        ),
        (READY, [gaps("G", (2.0, 0.0))], f"{READY}; its target is reached on 1 dimension"),
        (
            "",
            [gaps("G", (2.0, 0.0), (None, None)), gaps("O", (3.0, 0.0), (None, None))],
            "France: its target is reached on the 2 of 4 dimensions that can be told",
        ),
        ("", [gaps("G", (2.0, 1.0), (None, None))], "France: the widest known gap is 1.0 on D0"),
        ("", [gaps("G", (2.0, None))], "France: no targets yet"),
        ("", [gaps("G", (None, None))], "France: no scores in this round yet"),
        ("", [], "France: no scores in this round yet"),
    ],
)
def test_the_sentence_says_the_verdict_and_the_widest_gap_or_why_there_is_none(
    readiness: str, findings: list[GapFinding], sentence: str
):
    assert in_short("France", readiness, findings) == sentence


def test_gates_are_counted_by_state_without_the_states_that_none_is_in():
    def gate(state: GateState) -> Gate:
        return Gate("FR", StageName.PILOT, "q", 3, True, Reading("a", "FR", Known.UNANSWERED), state)

    found = gate_counts([gate(GateState.UNKNOWN), gate(GateState.MET), gate(GateState.UNKNOWN)])
    assert list(found.items()) == [(GateState.MET, 1), (GateState.UNKNOWN, 2)]
    assert gate_counts([]) == {}
