"""The log has no secret and no word of an answer, whatever goes wrong; what strangers send makes no second line."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from assessment.access import Role
from assessment.actions import refusals
from assessment.actions.answering import save_answer
from assessment.actions.entering import NotInvited, enter, visitor_of
from assessment.actions.invitations import invite
from assessment.actions.people import add_person
from assessment.actions.tokens import make_token, opened_by
from assessment.errors import AssessmentError
from assessment.logs import _TextLines
from assessment.store import tables
from tests.conftest import SmallWorkspace
from tests.store import small

SAID, NAME, ADDRESS = "our worst secret", "Ana Almeida", "ana@example.org"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that any part of the product logs, as an operator reads it who asked for every detail."""
    refusals.OF_TRY.forget()
    refusals.OF_PERSON.forget()
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(_TextLines())
    logger = logging.getLogger("assessment")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield written
    logger.removeHandler(handler)


def test_neither_secrets_nor_answers_nor_names_are_logged(
    workspace: SmallWorkspace, log: io.StringIO
) -> None:
    desk = workspace.desk(small.ADMINISTRATOR, datetime.now(UTC))
    person = add_person(desk, NAME, ADDRESS)
    token = make_token(desk, "a program", Role.CDAO)
    invited = invite(desk, person)
    entered = enter(workspace.store, invited.secret, desk.at)
    assert visitor_of(workspace.store, entered.secret, desk.at)
    assert opened_by(workspace.store, token.secret, desk.at)
    with pytest.raises(NotInvited):
        enter(workspace.store, invited.secret, desk.at)
    for principal in (small.FRANCE, small.GERMANY, small.AUTHOR):
        for changes in ({"state": "dont_know", "comment": SAID}, {"state": SAID}, {SAID: SAID}):
            with suppress(AssessmentError):
                save_answer(
                    workspace.desk(principal), workspace.assessment("FR").id, "shared", changes, expected_version=0,
                    idempotency_key=small.new_key(),
                )  # fmt: skip
    told = log.getvalue()
    assert "refused" in told, "something was logged"
    for secret in (SAID, NAME, ADDRESS, token.secret, invited.secret, entered.secret):
        assert secret not in told
        assert secret not in repr((token, invited, entered))


def test_a_statement_that_fails_is_logged_without_what_it_was_given(
    workspace: SmallWorkspace, log: io.StringIO
) -> None:
    row = {"id": "p-1", "name": NAME, "email": ADDRESS, "added_at": small.NOON}
    try:
        with workspace.store.write() as connection:
            connection.execute(insert(tables.people), [row, row])
    except IntegrityError as error:
        logging.getLogger("assessment").error("incident 1", exc_info=error)
    assert "IntegrityError" in log.getvalue()
    assert NAME not in log.getvalue()
    assert ADDRESS not in log.getvalue()


def test_what_somebody_tried_makes_no_second_line(workspace: SmallWorkspace, log: io.StringIO) -> None:
    with suppress(AssessmentError):
        save_answer(
            workspace.desk(small.AUTHOR),
            1,
            "x\r\nERROR   all is lost\u2028ERROR",
            {},
            expected_version=0,
            idempotency_key="k",
        )
    assert len(log.getvalue().splitlines()) == 1
