"""Rounds: opened, closed with what was accepted frozen, and opened again."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assessment.access import Action, Scope, require
from assessment.actions.desk import Desk, allow_management, now_ones_own
from assessment.actions.refusals import watched
from assessment.actions.units import checked_name
from assessment.errors import ResponseError, listed
from assessment.i18n import t
from assessment.organisation import Organisation, Round, Target, Unit
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.lock import content_hash
from assessment.questionnaire.models import Status
from assessment.responses import AssessmentState
from assessment.scoring.table import score_table
from assessment.store import assessments as assessment_store
from assessment.store import organisation as organisation_store
from assessment.store import scorecards as scorecard_store
from assessment.store import workspace as workspace_store
from assessment.store.assessments import StoredAssessment
from assessment.store.engine import Connection, retried
from assessment.store.scoring_input import read_scoring_input

_ROUND_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")


@dataclass(frozen=True, slots=True)
class Closing:
    """What became of a round's assessments: how many were frozen, and how many weren't accepted and stay as they are."""

    frozen: int
    unfinished: int


@watched
@retried
def open_round(
    desk: Desk, entry: Round, targets: Sequence[Target] = (), units: Collection[str] | None = None
) -> int:
    """Open a round: one draft assessment for every unit that its questionnaires ask and that isn't retired; gives how many.

    `units` are the ids of those that take part; None is everybody.

    Raises:
        ResponseError: The round exists, has no id, ends before it begins, pins nothing, or pins a version that
            isn't published.
    """
    with desk.store.write(alone=True) as connection:
        allow_management(connection, desk)
        organisation = organisation_store.read_organisation(connection)
        existing = organisation_store.read_rounds(connection)
        asked = begin_round(connection, desk.catalogue, entry, taking_part(organisation, units), existing)
        organisation_store.add_targets(connection, targets)
        now_ones_own(connection)
        workspace_store.record(
            connection, desk.stamp, "round opened", {"round": entry.id, "assessments": asked}
        )
        return asked


def begin_round(
    connection: Connection,
    catalogue: Catalogue,
    entry: Round,
    units: Iterable[Unit],
    existing: Iterable[Round],
) -> int:
    """Store a new round with a draft for each of these units that it asks; gives how many drafts.

    Raises:
        ResponseError: As for `open_round`.
    """
    check_round(entry, catalogue, existing)
    pin_round(connection, catalogue, entry)
    asked = drafts_of(entry, catalogue, units)
    assessment_store.add_assessments(connection, asked)
    return len(asked)


@watched
@retried
def join_round(desk: Desk, round_id: str, units: Collection[str]) -> int:
    """Let units take part in an open round that they aren't in yet; gives how many drafts they got.

    Raises:
        ResponseError: There is no such round, or it is closed.
    """
    with desk.store.write(alone=True) as connection:
        allow_management(connection, desk)
        now_ones_own(connection)
        entry = _open(connection, round_id)
        organisation = organisation_store.read_organisation(connection)
        there = {(found.unit_id, found.questionnaire_id) for found in _assessments(connection, round_id)}
        asked = [
            draft
            for draft in drafts_of(entry, desk.catalogue, taking_part(organisation, units))
            if (draft[1], draft[2]) not in there
        ]
        assessment_store.add_assessments(connection, asked)
        detail = {
            "round": round_id,
            "units": sorted({draft[1] for draft in asked}),
            "assessments": len(asked),
        }
        workspace_store.record(connection, desk.stamp, "units joined a round", detail)
        return len(asked)


@watched
@retried
def extend_round(desk: Desk, round_id: str, closes_on: date | None) -> None:
    """Change the day that people are told; None is no day.

    Raises:
        ResponseError: There is no such round, it is closed, or it would close before it opens.
    """
    with desk.store.write(alone=True) as connection:
        allow_management(connection, desk)
        now_ones_own(connection)
        entry = _open(connection, round_id)
        if entry.opens_on and closes_on and closes_on < entry.opens_on:
            raise ResponseError(t("The round would close before it opens. Change one of the dates."))
        organisation_store.set_closes_on(connection, round_id, closes_on)
        days = {"before": str(entry.closes_on or ""), "after": str(closes_on or "")}
        workspace_store.record(connection, desk.stamp, "round extended", {"round": round_id, **days})


@watched
@retried
def close_round(desk: Desk, round_id: str) -> Closing:
    """End a round: what was accepted is closed and frozen, all else stays as it is, and nothing can be changed.

    Raises:
        ResponseError: There is no such round, it is closed, or a questionnaire isn't what the round pinned.
    """
    with desk.store.write(alone=True) as connection:
        allow_management(connection, desk)
        now_ones_own(connection)
        entry = _open(connection, round_id)
        assessments = _assessments(connection, round_id)
        accepted = [found for found in assessments if found.state is AssessmentState.ACCEPTED]
        for found in accepted:
            assessment_store.change_state(connection, found, AssessmentState.CLOSED, desk.stamp)
        freeze(connection, desk, entry, accepted)
        organisation_store.set_closed(connection, round_id, desk.at)
        unfinished = sum(found.state is not AssessmentState.CLOSED for found in assessments) - len(accepted)
        workspace_store.record(
            connection,
            desk.stamp,
            "round closed",
            {"round": round_id, "frozen": len(accepted), "unfinished": unfinished},
        )
        return Closing(len(accepted), unfinished)


@watched
@retried
def reopen_round(desk: Desk, round_id: str, reason: str) -> None:
    """Let a closed round go on; its closed assessments stay closed until they are reopened one by one.

    Raises:
        ResponseError: There is no such round, it isn't closed, or no reason is given.
    """
    with desk.store.write(alone=True) as connection:
        allow_management(connection, desk)
        if not _known(connection, round_id).is_over:
            raise ResponseError(t("The round '{round}' isn't closed.", round=round_id))
        organisation_store.set_closed(connection, round_id, None)
        detail = {"round": round_id, "reason": _given(reason)}
        workspace_store.record(connection, desk.stamp, "round reopened", detail)


@watched
@retried
def reopen_assessment(desk: Desk, assessment_id: int, reason: str) -> StoredAssessment:
    """Give a closed assessment back to its unit; its scorecard stays, and the next closing makes another revision.

    Raises:
        ResponseError: It isn't closed, its round is, or no reason is given.
    """
    with desk.store.write(alone=True) as connection:
        organisation = organisation_store.read_organisation(connection)
        found = assessment_store.read_assessment(connection, assessment_id, organisation.units)
        require(desk.principal, Action.MANAGE, found.unit_id if found else "", organisation)
        assert found is not None, "nobody may act on a unit that doesn't exist"
        if found.state is not AssessmentState.CLOSED or organisation_store.is_closed(
            connection, found.round_id
        ):
            raise ResponseError(t("Only a closed assessment of an open round can be reopened."))
        comment = _given(reason)
        assessment_store.change_state(connection, found, AssessmentState.RETURNED, desk.stamp, comment)
        return replace(
            found, state=AssessmentState.RETURNED, state_version=found.state_version + 1, changed_at=desk.at, comment=comment,
        )  # fmt: skip


def freeze(connection: Connection, desk: Desk, entry: Round, closed: Sequence[StoredAssessment]) -> None:
    """Keep a scorecard of assessments of the round that were just closed.

    Raises:
        ResponseError: A questionnaire isn't what the round pinned; scores by other content would be kept.
    """
    _require_pinned(connection, desk.catalogue, entry.id)
    # As others see them: a country's row by its domains leaves out what a domain hasn't sent.
    sent = Scope(others=frozenset(organisation_store.read_organisation(connection).units))
    scores = score_table(read_scoring_input(connection, desk.catalogue, sent, [entry.id]))
    hashes = _hashes(desk.catalogue, entry)
    scorecard_store.add_scorecards(connection, closed, scores, hashes, entry.rules_version, desk.stamp)


def pin_round(connection: Connection, catalogue: Catalogue, entry: Round) -> None:
    """Store a new round with the content of what it pins: its questionnaires, and its rules for verdicts, else the newest.

    Raises:
        ResponseError: The catalogue hasn't the rules that the round names.
    """
    rules = catalogue.verdicts_of(entry.rules_version)
    if rules is None and entry.rules_version:
        words = t(
            "The rules for verdicts {version} that '{round}' pinned aren't here.",
            version=entry.rules_version,
            round=entry.id,
        )
        raise ResponseError(words)
    pinned = replace(entry, rules_version=rules.version if rules else "")
    rules_hash = content_hash(rules) if rules else ""
    organisation_store.add_round(connection, pinned, _hashes(catalogue, entry), rules_hash)


def check_round(entry: Round, catalogue: Catalogue, existing: Iterable[Round]) -> None:
    """Nothing, when a round can be opened like this.

    Raises:
        ResponseError: Otherwise, as for `open_round`.
    """
    questionnaires = [catalogue.get(*pinned) for pinned in entry.questionnaires.items()]
    if not _ROUND_ID.fullmatch(entry.id):
        raise ResponseError(t("A round's id has letters, digits, '.', '_' and '-' only, like 2026-H2."))
    checked_name(entry.name)
    if entry.opens_on and entry.closes_on and entry.closes_on < entry.opens_on:
        raise ResponseError(t("The round would close before it opens. Change one of the dates."))
    if any(entry.id == other.id for other in existing):
        raise ResponseError(t("There is a round '{round}' already. Choose another id.", round=entry.id))
    if not questionnaires:
        raise ResponseError(t("A round needs at least one questionnaire."))
    drafts = [
        questionnaire.reference
        for questionnaire in questionnaires
        if questionnaire.status is not Status.PUBLISHED
    ]
    if drafts:
        raise ResponseError(t("Rounds pin published versions; {versions} isn't.", versions=listed(drafts)))


def _known(connection: Connection, round_id: str) -> Round:
    for entry in organisation_store.read_rounds(connection):
        if entry.id == round_id:
            return entry
    raise ResponseError(t("There is no round '{round}'.", round=round_id))


def _open(connection: Connection, round_id: str) -> Round:
    entry = _known(connection, round_id)
    if entry.is_over:
        raise ResponseError(t("The round '{round}' is closed already.", round=round_id))
    return entry


def taking_part(organisation: Organisation, units: Collection[str] | None = None) -> list[Unit]:
    """The units that take part, without those that are retired; None is everybody."""
    return [
        unit
        for unit in organisation.units.values()
        if not unit.retired_on and (units is None or unit.id in units)
    ]


def drafts_of(entry: Round, catalogue: Catalogue, units: Iterable[Unit]) -> list[tuple[str, str, str, str]]:
    """A draft for every unit and questionnaire of the round that asks it something."""
    questionnaires = [catalogue.get(*pinned) for pinned in entry.questionnaires.items()]
    return [
        (entry.id, unit.id, questionnaire.id, questionnaire.version)
        for unit in units
        for questionnaire in questionnaires
        if any(question.is_asked_of(unit.kind) for question in questionnaire.questions.values())
    ]


def _assessments(connection: Connection, round_id: str) -> tuple[StoredAssessment, ...]:
    units = organisation_store.read_organisation(connection).units
    return assessment_store.read_assessments(connection, units, round_id=round_id)


def _require_pinned(connection: Connection, catalogue: Catalogue, round_id: str) -> None:
    changed = [
        f"{identifier}@{version}"
        for pinned_by, identifier, version, digest in organisation_store.pinned_hashes(connection)
        if pinned_by == round_id and identifier and content_hash(catalogue.get(identifier, version)) != digest
    ]
    if changed:
        raise ResponseError(
            t(
                "These aren't what the round pinned: {versions}. Restore their files.",
                versions=listed(changed),
            )
        )


def _given(reason: str) -> str:
    if not reason.strip():
        raise ResponseError(t("Say why: it stays in the history."))
    return reason.strip()


def _hashes(catalogue: Catalogue, entry: Round) -> dict[str, str]:
    return {pin: content_hash(catalogue.get(pin, version)) for pin, version in entry.questionnaires.items()}
