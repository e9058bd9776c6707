"""The levels that units want."""

from __future__ import annotations

from collections.abc import Sequence

from assessment.actions.desk import Desk, allow_management, now_ones_own
from assessment.actions.refusals import watched
from assessment.errors import ResponseError
from assessment.i18n import t
from assessment.organisation import Organisation, Round, Target
from assessment.store import organisation as organisation_store
from assessment.store import workspace as workspace_store
from assessment.store.engine import retried


@watched
@retried
def set_targets(desk: Desk, targets: Sequence[Target]) -> None:
    """Set targets, in place of what the same units had for the same round and dimension.

    Raises:
        ResponseError: A round, unit, questionnaire or dimension isn't known, a round is closed, or a target is outside
            the scale; says which. Nothing was set then.
    """
    with desk.store.write(alone=True) as connection:
        allow_management(connection, desk)
        now_ones_own(connection)
        organisation = organisation_store.read_organisation(connection)
        rounds = {entry.id: entry for entry in organisation_store.read_rounds(connection)}
        for target in targets:
            _check(desk, target, organisation, rounds.get(target.round_id))
        organisation_store.set_targets(connection, targets)
        set_for = sorted({target.round_id for target in targets})
        workspace_store.record(
            connection, desk.stamp, "targets set", {"rounds": set_for, "targets": len(targets)}
        )


def _check(desk: Desk, target: Target, organisation: Organisation, entry: Round | None) -> None:
    if entry is None or entry.is_over:
        raise ResponseError(t("The round '{round}' isn't open.", round=target.round_id))
    if target.unit_id not in organisation.units:
        raise ResponseError(t("There is no unit '{unit}'.", unit=target.unit_id))
    if target.questionnaire_id not in entry.questionnaires:
        raise ResponseError(t("The round doesn't ask '{name}'.", name=target.questionnaire_id))
    questionnaire = desk.catalogue.get(target.questionnaire_id, entry.questionnaires[target.questionnaire_id])
    known = {dimension.id for dimension in questionnaire.all_dimensions()}
    if target.dimension_id is not None and target.dimension_id not in known:
        raise ResponseError(t("There is no dimension '{name}'.", name=target.dimension_id))
    low, high = questionnaire.scale.minimum, questionnaire.scale.maximum
    if not low <= target.target <= high:
        raise ResponseError(t("A target is between {low} and {high}.", low=f"{low:g}", high=f"{high:g}"))
