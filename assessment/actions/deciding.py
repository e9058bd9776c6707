"""What a waiver of a gate must keep to: floors only, few of one questionnaire, and until a day that isn't over."""

from __future__ import annotations

from assessment.actions.desk import Desk
from assessment.errors import ResponseError
from assessment.i18n import count, day, t
from assessment.organisation import Round
from assessment.statements import DecisionContent, StatementKind, asked_in
from assessment.store.engine import Connection
from assessment.store.statements import About, read_statements


def require_waivable(
    connection: Connection, desk: Desk, about: About, entry: Round, content: DecisionContent
) -> None:
    """Nothing, when the decision may be stored; taking a waiver back always may.

    Call it after the unit was locked for writing: else two people could each waive the last one that is left.

    Raises:
        ResponseError: The gate is hard, the day is over, or as many floors as the rules allow are waived already.
    """
    if not content.waived:
        return
    questionnaire_id, question_id = asked_in(about.subject_id)
    questionnaire = desk.catalogue.get(questionnaire_id, entry.questionnaires[questionnaire_id])
    gate = questionnaire.questions[question_id].gate
    if gate is None or gate.hard:
        raise ResponseError(t("A hard gate is never waived: what it guards can't be repaired afterwards."))
    if content.expires_on < desk.at.date():
        until = day(content.expires_on)
        raise ResponseError(t("{day} is over. A waiver needs a day that is still to come.", day=until))
    rules = desk.catalogue.verdicts_of(entry.rules_version)
    most = rules.gates.pilot.waivable_floors if rules else 0
    if _waived_beside(connection, desk, about) >= most:
        floors = count(most, "floor")
        raise ResponseError(
            t(
                "Up to {floors} of one questionnaire may be waived for a unit. Take one back first.",
                floors=floors,
            )
        )


def _waived_beside(connection: Connection, desk: Desk, about: About) -> int:
    """How many other floors of the questionnaire are waived for the unit today."""
    questionnaire_id, _ = asked_in(about.subject_id)
    found = read_statements(connection, [about.unit_id], [StatementKind.DECISION], round_id=about.round_id)
    return sum(
        isinstance(entry.content, DecisionContent)
        and entry.content.waived
        and entry.content.expires_on >= desk.at.date()
        and entry.about.subject_id != about.subject_id
        and asked_in(entry.about.subject_id)[0] == questionnaire_id
        for entry in found
    )
