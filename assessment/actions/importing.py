"""Files that bring units, rounds, targets and answers in: first what they would change, then all of it or nothing."""

from __future__ import annotations

from dataclasses import replace

from assessment.actions.desk import Desk, allow_management, now_ones_own
from assessment.actions.import_plan import Files, Plan, planned
from assessment.actions.refusals import watched
from assessment.actions.rounds import begin_round, taking_part
from assessment.errors import ResponseError
from assessment.i18n import t
from assessment.intake.changes import Changes
from assessment.metrics import bringing_in
from assessment.responses import checked_answer
from assessment.store import answers as answer_store
from assessment.store import assessments as assessment_store
from assessment.store import organisation as organisation_store
from assessment.store import workspace as workspace_store
from assessment.store.answers import Edit
from assessment.store.engine import Connection, retried

#: The origin of what a file brought, in the history.
IMPORTED = "import"


@bringing_in(is_preview=True)
@watched
def preview(desk: Desk, files: Files, *, may_replace: bool = False) -> Changes:
    """What the files would change; nothing is written.

    `may_replace` takes answers of the files in place of those that were given here.

    Raises:
        NotAllowed: The principal doesn't manage the workspace.
        IntakeError: The files can't be taken: every problem of all of them.
    """
    with desk.store.read() as connection:
        allow_management(connection, desk)
        return planned(connection, desk, files, may_replace=may_replace).changes


@bringing_in()
@watched
@retried
def bring_in(desk: Desk, files: Files, *, may_replace: bool = False) -> Changes:
    """Write all that the files say, or nothing; the same files again change nothing.

    Answers are drafts of their units, who check and send them; they count as given now.

    Raises:
        NotAllowed, IntakeError: As for `preview`.
        ResponseError: There is a conflict, or a rule of rounds or answers is broken.
    """
    with desk.store.write(alone=True) as connection:
        allow_management(connection, desk)
        plan = planned(connection, desk, files, may_replace=may_replace)
        if plan.changes.conflicts:
            told = "\n".join(f"{line.what}: {line.told}" for line in plan.changes.conflicts)
            raise ResponseError(t("Nothing was written.") + "\n" + told)
        if not plan.changes.is_nothing:
            now_ones_own(connection)
            _write(connection, desk, plan)
            workspace_store.record(
                connection,
                desk.stamp,
                "files imported",
                {"files": files.names, "changes": plan.changes.headline},
            )
        return plan.changes


def _write(connection: Connection, desk: Desk, plan: Plan) -> None:
    stored = organisation_store.read_organisation(connection)
    known = {entry.id: entry for entry in organisation_store.read_rounds(connection)}
    organisation_store.add_units(
        connection, [unit for unit in plan.organisation.units.values() if unit.id not in stored.units]
    )
    for name, unit in plan.units.items():
        if name in stored.units and stored.units[name] != unit:
            organisation_store.change_unit(connection, replace(stored.units[name], name=unit.name))
    for entry in plan.brought_rounds:
        if entry.id not in known:
            begin_round(connection, desk.catalogue, entry, taking_part(plan.organisation), known.values())
        elif entry.closes_on and entry.closes_on != known[entry.id].closes_on:
            organisation_store.set_closes_on(connection, entry.id, entry.closes_on)
    organisation_store.set_targets(connection, plan.targets)
    _save(connection, desk, plan)


def _save(connection: Connection, desk: Desk, plan: Plan) -> None:
    """The answers that differ from what is stored, as their own edits with who brought them and when."""
    stamp = replace(desk.stamp, origin=IMPORTED)
    wanted = {entry.key[0] for entry in plan.answers}
    there = assessment_store.read_assessments(connection, plan.organisation.units, round_ids=wanted)
    found = {(entry.round_id, entry.unit_id, entry.questionnaire_id): entry for entry in there}
    for entry in plan.answers:
        if entry.stored and entry.stored.answer == entry.answer:
            continue
        place = found[entry.key]
        question = desk.catalogue.get(place.questionnaire_id, place.version).answerable[entry.question_id]
        # Unlike any other's: an answer has each of its versions once, and many units answer the same question.
        version = entry.stored.version + 1 if entry.stored else 1
        key = f"{IMPORTED}:{place.id}:{version}:{entry.question_id}"
        edit = Edit(place.id, entry.question_id, checked_answer(question, entry.answer), key)
        answer_store.save_answer(connection, edit, entry.stored, stamp)
