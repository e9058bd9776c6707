"""What is said beside the answers: facts, elements, principles, moves and requests by units, checks by reviewers, decisions on gates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assessment.errors import ResponseError
from assessment.i18n import t
from assessment.questionnaire.companions import ElementUse
from assessment.responses import EvidenceKind

MAX_TEXT = 4000
Text = Annotated[str, Field(max_length=MAX_TEXT, pattern=r"^[^\x00]*$")]


class StatementKind(StrEnum):
    """What a statement is about; the subject is a fact's, an element's or a principle's id, else a question."""

    FACT = "fact"
    ELEMENT = "element"
    PRINCIPLE = "principle"
    MOVE = "move"
    REMARK = "remark"
    VERIFIED = "verified"
    DECISION = "decision"
    REQUEST = "request"


class Position(StrEnum):
    """What a unit does with a principle."""

    ADOPTED = "adopted"
    SKIPPED = "skipped"
    DELAYED = "delayed"


class MoveState(StrEnum):
    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    DROPPED = "dropped"


class Content(BaseModel):
    """What every statement's content keeps to: no unknown field, nothing guessed from another type."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class FactContent(Content):
    """None takes the fact back: an absent fact is unknown, never false. A share is between 0 and 1."""

    value: bool | Annotated[float, Field(allow_inf_nan=False)] | Text | None


class ElementContent(Content):
    use: ElementUse
    reason: Text = ""

    @model_validator(mode="after")
    def _differences_have_reasons(self) -> ElementContent:
        if self.use in (ElementUse.SETTING, ElementUse.LAW, ElementUse.CHOICE) and not self.reason.strip():
            raise ValueError("a difference needs its reason")
        return self


class PrincipleContent(Content):
    position: Position
    reason: Text = ""
    review_on: date | None = None

    @model_validator(mode="after")
    def _skipping_has_a_reason(self) -> PrincipleContent:
        if self.position is not Position.ADOPTED and not self.reason.strip():
            raise ValueError("skipping or delaying needs its reason")
        return self


class MoveContent(Content):
    state: MoveState = MoveState.PLANNED
    owner: Text = ""
    due_on: date | None = None
    note: Text = ""


class RemarkContent(Content):
    """A reviewer's words on one question; '' takes them back."""

    text: Text


class VerifiedContent(Content):
    """The kind of evidence that a reviewer found, which then counts instead of the claimed one; None takes it back."""

    kind: EvidenceKind | None


class DecisionContent(Content):
    """A soft gate that is waived until a day; `waived` False takes it back."""

    waived: bool
    reason: Annotated[Text, Field(pattern=r"\S")]
    expires_on: date


class RequestContent(Content):
    """A question of a country's assessment that one of its domains is asked to answer there; None takes it back."""

    to_unit: Text | None
    due_on: date | None = None
    note: Text = ""


CONTENT_OF: Mapping[StatementKind, type[Content]] = {
    StatementKind.FACT: FactContent,
    StatementKind.ELEMENT: ElementContent,
    StatementKind.PRINCIPLE: PrincipleContent,
    StatementKind.MOVE: MoveContent,
    StatementKind.REMARK: RemarkContent,
    StatementKind.VERIFIED: VerifiedContent,
    StatementKind.DECISION: DecisionContent,
    StatementKind.REQUEST: RequestContent,
}


@dataclass(frozen=True, slots=True)
class RecordedStatement:
    """A statement that was made elsewhere, at its time; a later one about the same subject is its change."""

    kind: StatementKind
    round_id: str
    unit_id: str
    subject_id: str
    content: Content
    at: datetime


def asked_in(subject_id: str) -> tuple[str, str]:
    """The questionnaire and the question that a subject like `data-governance:dgm-lineage` names."""
    questionnaire_id, _, question_id = subject_id.partition(":")
    return questionnaire_id, question_id


def plain_content(content: Content) -> dict[str, Any]:
    """The content as it is stored."""
    return content.model_dump(mode="json")


def content_from(kind: StatementKind, stored: Mapping[str, Any]) -> Content:
    """The content that plain fields stand for.

    Raises:
        ResponseError: They break a rule of the kind; says every one.
    """
    model = CONTENT_OF[kind]
    try:
        # What came from JSON has texts for days and kinds, which strict mode takes from JSON only.
        return model.model_validate_json(json.dumps(dict(stored), default=str))
    except (ValidationError, ValueError, TypeError) as error:
        reasons = (
            [entry["msg"] for entry in error.errors()] if isinstance(error, ValidationError) else [str(error)]
        )
        raise ResponseError(t("That can't be stored: {reasons}.", reasons="; ".join(reasons))) from None
