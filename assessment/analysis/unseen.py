"""What a reader may not see of the answers behind a verdict: nothing is said then that would be a guess."""

from __future__ import annotations

from collections.abc import Collection

from assessment.analysis.gates import Gate, GateState, StageFinding


def unseen_gates(stage: StageFinding, readable: Collection[str]) -> tuple[Gate, ...]:
    """The gates that read a unit whose answers aren't among the `readable` ones: a country's, for a domain."""
    return tuple(gate for gate in stage.gates if gate.reading.source_unit_id not in readable)


def is_a_guess(stage: StageFinding, readable: Collection[str]) -> bool:
    """Whether the verdict hangs on answers out of sight; one hard gate in sight that isn't met is enough to know."""
    unseen = unseen_gates(stage, readable)
    is_settled = any(
        gate.state is GateState.NOT_MET and gate.reading.source_unit_id in readable for gate in stage.hard
    )
    return bool(unseen) and not is_settled
