"""Every function that somebody could call, for every role and unit: what docs/access.md allows happens, and nothing else."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from assessment import actions, demo
from assessment.access import TABLE, Action, Principal, Reach, Role
from assessment.actions import (
    answering,
    auditing,
    comparing,
    exporting,
    identities,
    importing,
    invitations,
    people,
    refusals,
    reviewing,
    rounds,
    serving,
    stating,
    targets,
    tokens,
    units,
    workspace,
)
from assessment.actions.desk import Desk
from assessment.actions.import_plan import Files
from assessment.errors import AssessmentError, NotAllowed
from assessment.exports.documents import Form
from assessment.organisation import Phase, Round, Target, Unit, organisation_of
from assessment.questionnaire.catalogue import Catalogue, catalogue_of
from assessment.questionnaire.companions import Element, ElementKind, Fact, FactType, Principle
from assessment.questionnaire.models import Questionnaire, UnitKind
from assessment.responses import Answer, AnswerState
from assessment.scoring.table import Basis
from assessment.statements import StatementKind
from assessment.store.engine import Connection, Store, open_store
from assessment.store.history import Wanted
from assessment.store.organisation import read_organisation
from assessment.store.people import RoleHeld
from assessment.store.statements import About
from tests.access import expected
from tests.access.expected import HOME, UNITS, allowed
from tests.questionnaire.builders import dimension, question, questionnaire
from tests.store import small

CLOSED, OPEN = "2025-H2", small.ROUND
#: Sent, a draft that can be sent, and a draft without an answer: what each step of an assessment starts from.
SENT, READY, BLANK = "governance", "platform", "culture"
DONT_KNOW = {"state": "dont_know"}
EVER = Wanted(small.later(-(10**6)), small.later(10**6))


class _Undone(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Dry(Store):
    """A store in which nothing stays written, so that every try finds the same."""

    @contextmanager
    def write(self, *, alone: bool = False) -> Iterator[Connection]:
        try:
            with Store.write(self, alone=alone) as connection:
                yield connection
                raise _Undone
        except _Undone:
            pass


@dataclass(frozen=True)
class World:
    """The small organisation with an open and a closed round, people, a link and a token."""

    store: Store
    catalogue: Catalogue
    numbers: Mapping[tuple[str, str, str], int]
    person: str
    other: str
    link: str
    token: str

    def desk(self, principal: Principal) -> Desk:
        return small.desk_for(Dry(self.store.engine), self.catalogue, principal, small.later(60))


@dataclass(frozen=True)
class Try:
    """Who tries something at which desk, on what unit and in which round."""

    world: World
    desk: Desk
    unit: str = ""
    round_id: str = OPEN

    def assessment(self, questionnaire: str) -> int:
        """Its number; one that doesn't exist for what isn't asked."""
        return self.world.numbers.get((self.round_id, self.unit, questionnaire), 10**6)


Act = Callable[[Try], object]


def _stated(what: str, subject: str, **content: Any) -> Act:
    def act(it: Try) -> object:
        whole = content | ({"to_unit": f"{it.unit}.sales"} if what == "request" else {})
        about = About(StatementKind(what), it.round_id, it.unit, subject)
        return stating.state(it.desk, about, whole, expected_version=0, idempotency_key=small.new_key())

    return act


def _moved(step: Callable[..., object], questionnaire: str, *more: str) -> Act:
    return lambda it: step(it.desk, it.assessment(questionnaire), *more)


def _keyed(step: Callable[..., object], *more: Any, **named: Any) -> Act:
    return lambda it: step(it.desk, it.assessment(BLANK), *more, **named, idempotency_key=small.new_key())


def _others(it: Try) -> object:
    with it.desk.store.read() as connection:
        organisation = read_organisation(connection)
        return comparing.read_others(connection, it.desk, organisation, it.unit, it.round_id)


_REASON = "It has to be."
#: Of a unit: what concerns an assessment or a statement is tried in the open and in the closed round.
IN_ROUND: dict[str, Act] = {
    "answering.save_answer": _keyed(answering.save_answer, "talk", DONT_KNOW, expected_version=0),
    "answering.confirm_answer": _keyed(answering.confirm_answer, "talk"),
    "answering.save_answers": lambda it: answering.save_answers(
        it.desk, it.assessment(BLANK), [("talk", Answer(AnswerState.DONT_KNOW), 0)], origin="workbook"
    ),
    "reviewing.submit": _moved(reviewing.submit, READY),
    "reviewing.withdraw": _moved(reviewing.withdraw, SENT),
    "reviewing.accept": _moved(reviewing.accept, SENT),
    "reviewing.return_to_unit": _moved(reviewing.return_to_unit, SENT, "Look again."),
    "stating.state a fact": _stated("fact", "domains", value=3),
    "stating.state an element": _stated("element", "customer", use="law", reason=_REASON),
    "stating.state a principle": _stated("principle", "owners", position="delayed", reason=_REASON),
    "stating.state a move": _stated("move", f"{SENT}:shared", owner="Zoe"),
    "stating.state a request": _stated("request", f"{SENT}:shared"),
    "stating.state a remark": _stated("remark", f"{SENT}:shared", text=_REASON),
    "stating.state a verified": _stated("verified", f"{SENT}:shared", kind="record"),
    "stating.state a decision": _stated(
        "decision", f"{SENT}:shared", waived=True, reason=_REASON, expires_on="2026-12-31"
    ),
}  # fmt: skip
OF_UNIT: dict[str, Act] = {
    "comparing.others_of": lambda it: comparing.others_of(it.desk, it.unit, it.round_id, Basis.OWN),
    "comparing.read_others": _others,
    "exporting.export_scores": lambda it: exporting.export_scores(it.desk, it.round_id, it.unit),
    "exporting.export_table": lambda it: exporting.export_table(
        it.desk, "a.csv", pd.DataFrame({"a": [1]}), [it.unit]
    ),
    "exporting.export_package": lambda it: exporting.export_package(it.desk, it.round_id, it.unit),
    "exporting.export_tables_for_excel": lambda it: exporting.export_tables_for_excel(
        it.desk, it.round_id, it.unit
    ),
    "exporting.export_scorecard": lambda it: exporting.export_scorecard(
        it.desk, it.round_id, it.unit, Form.EXCEL
    ),
    "exporting.read_snapshot": lambda it: exporting.read_snapshot(it.desk, it.round_id, it.unit),
    "serving.read_scores": lambda it: serving.read_scores(it.desk, it.round_id, it.unit),
    "serving.read_judged": lambda it: serving.read_judged(it.desk, it.round_id, it.unit),
}  # fmt: skip
#: The group is the workspace as a whole for these, and their file of it is a board pack.
_OF_GROUP_TOO = {name for name in OF_UNIT if name != "exporting.export_scorecard"}
_HELD = RoleHeld(Role.REVIEWER)


def _round(identifier: str) -> Round:
    return Round(identifier, identifier, Phase.DURING, date(2026, 9, 1), None, {READY: "1.0.0"})


OF_WORKSPACE: dict[str, Act] = {
    "auditing.history": lambda it: auditing.history(it.desk, EVER, 5),
    "auditing.people_of_history": lambda it: auditing.people_of_history(it.desk),
    "auditing.export_history": lambda it: auditing.export_history(it.desk, EVER),
    "exporting.export_scorecard of the group": lambda it: exporting.export_scorecard(
        it.desk, OPEN, None, Form.EXCEL
    ),
    "identities.people_with_identity": lambda it: identities.people_with_identity(it.desk),
    "identities.forget_identity": lambda it: identities.forget_identity(it.desk, it.world.person),
    "importing.preview": lambda it: importing.preview(it.desk, Files()),
    "importing.bring_in": lambda it: importing.bring_in(it.desk, Files()),
    "invitations.invite": lambda it: invitations.invite(it.desk, it.world.person),
    "invitations.revoke_invitation": lambda it: invitations.revoke_invitation(it.desk, it.world.link),
    "invitations.end_sessions": lambda it: invitations.end_sessions(it.desk, it.world.person),
    "invitations.list_open": lambda it: invitations.list_open(it.desk),
    "people.add_person": lambda it: people.add_person(it.desk, "Zoe", ""),
    "people.give_role": lambda it: people.give_role(it.desk, it.world.other, _HELD),
    "people.take_role": lambda it: people.take_role(it.desk, it.world.person, _HELD),
    "people.hand_over": lambda it: people.hand_over(it.desk, it.world.person, it.world.other, _HELD),
    "people.erase_person": lambda it: people.erase_person(it.desk, it.world.person),
    "rounds.open_round": lambda it: rounds.open_round(it.desk, _round("2026-H2")),
    "rounds.join_round": lambda it: rounds.join_round(it.desk, OPEN, ["FR"]),
    "rounds.extend_round": lambda it: rounds.extend_round(it.desk, OPEN, date(2026, 12, 1)),
    "rounds.close_round": lambda it: rounds.close_round(it.desk, OPEN),
    "rounds.reopen_round": lambda it: rounds.reopen_round(it.desk, CLOSED, _REASON),
    "targets.set_targets": lambda it: targets.set_targets(it.desk, [Target(OPEN, "FR", SENT, None, 3)]),
    "tokens.make_token": lambda it: tokens.make_token(it.desk, "a program", Role.CDAO),
    "tokens.revoke_token": lambda it: tokens.revoke_token(it.desk, it.world.token),
    "tokens.list_tokens": lambda it: tokens.list_tokens(it.desk),
    "units.add_units": lambda it: units.add_units(
        it.desk, organisation_of([Unit("ACME", "Acme", UnitKind.GROUP), Unit("IT", "Italy", UnitKind.COUNTRY, "ACME")])
    ),
    "units.rename_unit": lambda it: units.rename_unit(it.desk, "FR", "La France"),
    "units.move_unit": lambda it: units.move_unit(it.desk, "FR.finance", "DE"),
    "units.retire_unit": lambda it: units.retire_unit(it.desk, "FR.sales"),
    "units.merge_unit": lambda it: units.merge_unit(it.desk, "FR.finance", "FR.sales"),
    "workspace.fill_with_demo": lambda it: workspace.fill_with_demo(it.desk, demo.Size(1, 1, 1)),
    "workspace.bring_demo_back": lambda it: workspace.bring_demo_back(it.desk, demo.Size(1, 1, 1)),
    "workspace.load_package": lambda it: workspace.load_package(it.desk, b"no package", "package.zip"),
    "workspace.start_empty": lambda it: workspace.start_empty(it.desk),
}  # fmt: skip
#: What somebody's own workspace refuses to everybody, in other words.
_NEVER_DONE_HERE = {name for name in OF_WORKSPACE if name.startswith("workspace.")}
OPERATIONS = {name: (action, of) for name, action, of in expected.rows("## What needs which action")}
#: People of their own: nobody reviews what they answered themselves.
WHO = {role: Principal(f"a {role}", role, HOME.get(role)) for role in Role}
_ANSWERS_FOR = {unit: Principal(f"of {unit}", Role.COUNTRY_LEADER if "." not in unit else Role.DOMAIN_OWNER, unit) for unit in UNITS[1:]}  # fmt: skip


@pytest.fixture(scope="module")
def world(
    migrated_file: Path, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    file = shutil.copy(migrated_file, tmp_path_factory.mktemp("access") / "store.db")
    store = open_store(f"sqlite:///{file}")
    yield _built(store, _catalogue(catalogue))
    store.engine.dispose()


def _catalogue(shipped: Catalogue) -> Catalogue:
    """The small one, with a questionnaire more, and everything that can be said beside answers."""
    talk = question("talk", units=["country", "domain"])
    culture = Questionnaire.model_validate(
        questionnaire(dimension("direction", talk), id=BLANK, status="published")
    )
    made = catalogue_of([*small.small_catalogue().questionnaires.values(), culture])
    return replace(
        made, verdicts=shipped.verdicts,
        facts=(Fact(id="domains", prompt="How many?", unit_kinds=("country", "domain"), type=FactType.NUMBER),),
        elements=(Element(id="customer", kind=ElementKind.TERM, title="Customer", summary="Who buys."),),
        principles=(Principle(id="owners", title="Owners", summary="Each set has one.", if_skipped="Nobody answers."),),
    )  # fmt: skip


def _built(store: Store, catalogue: Catalogue) -> World:
    pinned = {SENT: "1.0.0", READY: "1.0.0", BLANK: "1.0.0"}
    administrator = small.desk_for(store, catalogue, small.ADMINISTRATOR)
    workspace.start_empty(administrator)
    units.add_units(administrator, small.small_organisation())
    # In time: what was said in one can be confirmed in the next.
    for name, opens_on in ((CLOSED, date(2025, 9, 1)), (OPEN, date(2026, 3, 1))):
        rounds.open_round(administrator, replace(small.small_round(name, **pinned), opens_on=opens_on))
        _fill(store, catalogue, name)
    rounds.close_round(administrator, CLOSED)
    person = people.add_person(administrator, "Ana", "ana@example.org", _HELD)
    ana = identities.Identity("https://id.example.org", "1", "Ana", "ana@example.org")
    identities.enter_as(store, ana, (), small.NOON)
    return World(
        store, catalogue, _numbers(store), person, people.add_person(administrator, "Ben", ""),
        invitations.invite(administrator, person).invitation.id,
        tokens.make_token(administrator, "a program", Role.CDAO).token.id,
    )  # fmt: skip


def _fill(store: Store, catalogue: Catalogue, round_id: str) -> None:
    numbers = _numbers(store)
    for unit, principal in _ANSWERS_FOR.items():
        desk = small.desk_for(store, catalogue, principal)
        asked = small.COUNTRY_QUESTIONS if "." not in unit else small.DOMAIN_QUESTIONS
        _answer(desk, numbers[round_id, unit, SENT], *asked)
        reviewing.submit(desk, numbers[round_id, unit, SENT])
        _answer(desk, numbers[round_id, unit, READY], "path")
        if round_id == CLOSED:
            level = Answer(AnswerState.ANSWERED, "3")
            answering.save_answers(desk, numbers[round_id, unit, BLANK], [("talk", level, 0)], origin="page")


def _answer(desk: Desk, number: int, *questions: str) -> None:
    given = [(name, Answer(AnswerState.DONT_KNOW), 0) for name in questions]
    answering.save_answers(desk, number, given, origin="page")


def _numbers(store: Store) -> dict[tuple[str, str, str], int]:
    found = small.rows_of(store, "SELECT id, round_id, unit_id, questionnaire_id FROM assessments")
    return {(row["round_id"], row["unit_id"], row["questionnaire_id"]): row["id"] for row in found}


def outcome(act: Callable[..., object], *given: object) -> str:
    """`done`, or what refused: `forbidden` for access, `impossible` for any other rule."""
    try:
        act(*given)
    except NotAllowed:
        return "forbidden"
    except AssessmentError:
        return "impossible"
    return "done"


def said(act: Act, it: Try) -> str:
    with pytest.raises(NotAllowed) as refused:
        act(it)
    return str(refused.value)


# The page and the program's table -------------------------------------------------------------------


def test_the_page_and_the_programs_table_say_the_same():
    words = {Reach.OWN: "own", Reach.OWN_AND_BELOW: "own and below", Reach.ALL: "all", None: "–"}
    table = {(role, str(action)): words[TABLE[role].get(action)] for role, action in product(Role, Action)}
    assert expected.reaches() == table


def test_every_function_with_a_desk_is_on_the_page_and_tried_here():
    pieces = set(
        re.findall(r"`([a-z_.]+)`", expected.below("## What needs which action").split("These take")[1])
    )
    tried = {*IN_ROUND, *OF_UNIT, *OF_WORKSPACE, "rounds.reopen_assessment"}
    assert set(OPERATIONS) == tried
    assert {name.split()[0] for name in OPERATIONS} | pieces == set(_public())
    assert not {name.split()[0] for name in OPERATIONS} & pieces
    kinds = {name.split()[-1] for name in OPERATIONS if name.startswith("stating.")}
    assert kinds == set(StatementKind)


def _public() -> Iterator[str]:
    """Everything in `actions` that is done as somebody."""
    for module in pkgutil.iter_modules(actions.__path__):
        for name, function in vars(importlib.import_module(f"assessment.actions.{module.name}")).items():
            is_ours = getattr(function, "__module__", "") == f"assessment.actions.{module.name}"
            if not is_ours or not inspect.isfunction(function) or name.startswith("_"):
                continue
            if {"desk", "principal"} & set(inspect.signature(function).parameters):
                yield f"{module.name}.{name}"


# What happens --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*IN_ROUND, *OF_UNIT])
def test_a_unit_is_in_reach_of_whom_the_page_says_and_of_nobody_else(world: World, name: str):
    action, of = OPERATIONS[name]
    assert of == "a unit"
    act = IN_ROUND.get(name) or OF_UNIT[name]
    done = set()
    for role, unit in product(Role, UNITS[1:]):
        desk = world.desk(WHO[role])
        found = outcome(act, Try(world, desk, unit))
        is_of_countries = name.startswith("stating.state a request")
        if is_of_countries and "." in unit:
            assert found == "forbidden", "a domain has nobody to ask"
            continue
        assert (found != "forbidden") is allowed(role, action, unit), (role, unit, found)
        done |= {found} if allowed(role, action, unit) else set()
    assert done == {"done"}, "what is allowed was done"


@pytest.mark.parametrize("name", [*IN_ROUND, *OF_UNIT])
def test_what_is_forbidden_is_told_in_the_words_for_what_is_not_there(world: World, name: str):
    action, _ = OPERATIONS[name]
    act = IN_ROUND.get(name) or OF_UNIT[name]
    for role in Role:
        desk = world.desk(WHO[role])
        absent = said(act, Try(world, desk, "XX"))
        for unit in UNITS[1:]:
            if not allowed(role, action, unit):
                assert said(act, Try(world, desk, unit)) == absent, (role, unit)


@pytest.mark.parametrize("name", IN_ROUND)
def test_a_closed_round_refuses_everybody_and_tells_only_those_whose_it_is_why(world: World, name: str):
    action, _ = OPERATIONS[name]
    for role, unit in product(Role, UNITS[1:]):
        desk = world.desk(WHO[role])
        found = outcome(IN_ROUND[name], Try(world, desk, unit, CLOSED))
        assert found == ("impossible" if allowed(role, action, unit) else "forbidden"), (role, unit)


@pytest.mark.parametrize("name", sorted(_OF_GROUP_TOO))
def test_the_group_is_in_reach_of_whom_the_page_says(world: World, name: str):
    action, _ = OPERATIONS[name]
    for role in Role:
        desk = world.desk(WHO[role])
        found = outcome(OF_UNIT[name], Try(world, desk, "ACME"))
        assert found == ("done" if allowed(role, action, "ACME") else "forbidden"), role


@pytest.mark.parametrize("name", OF_WORKSPACE)
def test_the_workspace_is_in_reach_of_whom_the_page_says_and_of_nobody_else(world: World, name: str):
    action, of = OPERATIONS[name]
    assert of == "workspace"
    for role in Role:
        found = outcome(OF_WORKSPACE[name], Try(world, world.desk(WHO[role])))
        wanted = "impossible" if name in _NEVER_DONE_HERE else "done"
        assert found == (wanted if allowed(role, action, None) else "forbidden"), role


def test_whatever_is_refused_is_on_record_once_with_who_tried_what_on_what(world: World):
    refusals.OF_TRY.forget()
    refusals.OF_PERSON.forget()
    desk = replace(world.desk(WHO[Role.AUTHOR]), store=world.store)
    acts = {**IN_ROUND, **OF_UNIT, **OF_WORKSPACE}
    for act in [*acts.values(), *acts.values()]:
        # By hours, as a person would: whoever tries everything at once is cut short.
        refusals.OF_PERSON.forget()
        assert outcome(act, Try(world, desk, "DE")) == "forbidden"
    found = small.rows_of(
        world.store, "SELECT person, role, detail FROM workspace_events WHERE action = 'refused'"
    )
    assert {(row["person"], row["role"]) for row in found} == {(WHO[Role.AUTHOR].person, "author")}
    tried = [json.loads(row["detail"])["tried"] for row in found]
    named = {name.split()[0].replace(".", ": ").replace("_", " ") for name in acts}
    # What a piece of another function refuses is told as that function.
    assert set(tried) == named - {"comparing: read others"}
    of_units = [json.loads(row["detail"]) for row in found]
    assert all(
        about["unit"] == "DE"
        for about in of_units
        if about["tried"].startswith(("exporting", "serving")) and "unit" in about
    )


def test_a_closed_assessment_is_reopened_by_whom_the_page_says(world: World):
    # What was never sent stays a draft when its round closes, so this one can't be reopened: allowed is 'impossible'.
    number = world.numbers[OPEN, "FR", READY]
    for role in Role:
        found = outcome(rounds.reopen_assessment, world.desk(WHO[role]), number, _REASON)
        assert found == (
            "impossible" if allowed(role, OPERATIONS["rounds.reopen_assessment"][0], "FR") else "forbidden"
        )


def test_who_was_asked_answers_that_question_of_the_country_and_no_other(world: World):
    about = About(StatementKind.REQUEST, OPEN, "FR", f"{BLANK}:talk")
    with world.store.write() as connection:
        # Undone at the end: the request has to stand while others try.
        undone = Within(world.store.engine, connection=connection)
        asking = replace(world.desk(_ANSWERS_FOR["FR"]), store=undone)
        stating.state(
            asking, about, {"to_unit": "FR.sales"}, expected_version=0, idempotency_key=small.new_key()
        )
        for role, unit in product(Role, UNITS[1:]):
            who = Principal("somebody", role, unit if role in HOME else None)
            desk = replace(world.desk(who), store=undone)
            is_asked = (role, unit) == (Role.DOMAIN_OWNER, "FR.sales")
            is_own = (role, unit) == (Role.COUNTRY_LEADER, "FR")
            for questionnaire, question in ((BLANK, "talk"), (READY, "path")):
                may = is_own or (is_asked and questionnaire == BLANK)
                found = outcome(_saved, Try(world, desk, "FR"), questionnaire, question)
                assert (found != "forbidden") is may, (role, unit, question)
            sent = outcome(_moved(reviewing.submit, BLANK), Try(world, desk, "FR"))
            assert (sent != "forbidden") is is_own, (role, unit)
        connection.rollback()


def _saved(it: Try, questionnaire: str, question: str) -> object:
    return answering.save_answer(
        it.desk, it.assessment(questionnaire), question, DONT_KNOW, expected_version=99,
        idempotency_key=small.new_key(),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Within(Store):
    """A store whose every use is part of one transaction that somebody else ends."""

    connection: Connection = field(kw_only=True)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        yield self.connection

    @contextmanager
    def write(self, *, alone: bool = False) -> Iterator[Connection]:  # noqa: ARG002
        yield self.connection
