"""Saying what stands beside the answers; each kind of statement belongs to a role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assessment.access import Action, require
from assessment.actions.deciding import require_waivable
from assessment.actions.desk import Desk, now_ones_own
from assessment.actions.refusals import watched
from assessment.actions.reviewing import require_not_own
from assessment.errors import NOT_HERE, NotAllowed, ResponseError
from assessment.i18n import t
from assessment.metrics import saving
from assessment.organisation import Organisation, Round, Unit
from assessment.questionnaire.companions import FactType
from assessment.questionnaire.models import Question, UnitKind
from assessment.statements import (
    Content,
    DecisionContent,
    FactContent,
    RequestContent,
    StatementKind,
    asked_in,
    content_from,
)
from assessment.store.assessments import read_assessments
from assessment.store.engine import Connection, retried
from assessment.store.organisation import read_branches, read_rounds
from assessment.store.statements import (
    About,
    Statement,
    is_repeated_statement,
    read_statement,
    save_statement,
)
from assessment.store.workspace import WorkspaceKind, read_kind

_ACTION: Mapping[StatementKind, Action] = {
    StatementKind.FACT: Action.ANSWER,
    StatementKind.ELEMENT: Action.ANSWER,
    StatementKind.PRINCIPLE: Action.ANSWER,
    StatementKind.MOVE: Action.ANSWER,
    StatementKind.REMARK: Action.REVIEW,
    StatementKind.VERIFIED: Action.REVIEW,
    StatementKind.DECISION: Action.DECIDE,
    StatementKind.REQUEST: Action.ANSWER,
}


@saving("statement")
@watched
@retried
def state(
    desk: Desk, about: About, content: Mapping[str, Any], *, expected_version: int, idempotency_key: str
) -> Statement:
    """Commit a statement, or its change.

    Raises:
        NotAllowed: It isn't the principal's to say, or there is no such subject.
        ResponseError: The round is over, or the content breaks a rule.
        StoreError: Somebody changed it since `expected_version`. In every case nothing was written.
    """
    made = content_from(about.kind, content)
    with desk.store.write() as connection:
        asked = made.to_unit if isinstance(made, RequestContent) else None
        organisation = read_branches(connection, filter(None, (about.unit_id, desk.principal.unit_id, asked)))
        require(desk.principal, _ACTION[about.kind], about.unit_id, organisation)
        rounds = {entry.id: entry for entry in read_rounds(connection)}
        if about.round_id not in rounds:
            raise NotAllowed(NOT_HERE)
        if rounds[about.round_id].is_over:
            raise ResponseError(t("The round is closed; nothing in it can be changed now."))
        _require_own_domain(about, made, organisation)
        _require_subject(desk, about, organisation.units[about.unit_id], rounds[about.round_id], made)
        if _ACTION[about.kind] is Action.REVIEW:
            _require_not_own(connection, desk, about)
        if read_kind(connection) is not WorkspaceKind.SYNTHETIC:
            now_ones_own(connection)
        current = read_statement(connection, about)
        if (
            current
            and current.version == expected_version + 1
            and is_repeated_statement(connection, about, idempotency_key)
        ):
            return current
        if (current.version if current else 0) != expected_version:
            raise ResponseError(t("Somebody else changed this just now. Look at it again before you go on."))
        if isinstance(made, DecisionContent):
            require_waivable(connection, desk, about, rounds[about.round_id], made)
        return save_statement(connection, about, made, current, idempotency_key, desk.stamp)


def _require_subject(desk: Desk, about: About, unit: Unit, entry: Round, content: Content) -> None:
    """There is such a fact, element, principle or question, it is this unit's, and a fact has its type."""
    if about.kind is StatementKind.FACT:
        fact = next(
            (f for f in desk.catalogue.facts if f.id == about.subject_id and unit.kind in f.unit_kinds), None
        )
        if fact is None:
            raise NotAllowed(NOT_HERE)
        assert isinstance(content, FactContent)
        _require_type(fact.type, content.value)
    elif about.kind is StatementKind.ELEMENT:
        _require_known(about.subject_id in {element.id for element in desk.catalogue.elements})
    elif about.kind is StatementKind.PRINCIPLE:
        _require_known(about.subject_id in {principle.id for principle in desk.catalogue.principles})
    else:
        questionnaire_id, question_id = asked_in(about.subject_id)
        _require_known(questionnaire_id in entry.questionnaires)
        questionnaire = desk.catalogue.get(questionnaire_id, entry.questionnaires[questionnaire_id])
        question = questionnaire.questions.get(question_id)
        _require_known(question is not None and _concerns(about.kind, question, unit))


def _concerns(kind: StatementKind, question: Question, unit: Unit) -> bool:
    """Whether something of the kind can be said about the unit: a domain's gate may read its country's answer."""
    if kind is StatementKind.DECISION:
        return question.gate is not None and unit.kind is not UnitKind.GROUP
    return question.is_asked_of(unit.kind)


def _require_own_domain(about: About, content: Content, organisation: Organisation) -> None:
    """A unit asks its own domains only."""
    if isinstance(content, RequestContent) and content.to_unit is not None:
        asked = organisation.units.get(content.to_unit)
        _require_known(asked is not None and asked.parent_id == about.unit_id and not asked.retired_on)


def _require_not_own(connection: Connection, desk: Desk, about: About) -> None:
    """A reviewer says nothing of answers that are their own; see `require_not_own`."""
    questionnaire_id, _ = asked_in(about.subject_id)
    for assessment in read_assessments(connection, [about.unit_id], round_id=about.round_id):
        if assessment.questionnaire_id == questionnaire_id:
            require_not_own(connection, desk, assessment)


def _require_known(is_known: bool) -> None:
    if not is_known:
        raise NotAllowed(NOT_HERE)


def _require_type(kind: FactType, value: object) -> None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    fits = {
        FactType.NUMBER: is_number and isinstance(value, (int, float)) and value >= 0,
        FactType.SHARE: is_number and isinstance(value, (int, float)) and 0 <= value <= 1,
        FactType.YES_NO: isinstance(value, bool),
        FactType.TEXT: isinstance(value, str),
    }
    if value is not None and not fits[kind]:
        rule = {
            FactType.NUMBER: t("a number, 0 or more"),
            FactType.SHARE: t("a share between 0 and 1"),
            FactType.YES_NO: t("yes or no"),
            FactType.TEXT: t("a text"),
        }[kind]
        raise ResponseError(t("This fact is {rule}.", rule=rule))
