"""A workspace in which every unit has said something in each round that stands nowhere else: whoever reads the word has read the unit."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product

from pypdf import PdfReader

from assessment.access import Principal, Role
from assessment.actions import answering, reviewing, rounds, stating, units, workspace
from assessment.actions.desk import Desk
from assessment.questionnaire.catalogue import Catalogue
from assessment.responses import Answer, AnswerState, EvidenceKind
from assessment.statements import StatementKind
from assessment.store.engine import Store
from assessment.store.statements import About
from tests.access import expected
from tests.access.expected import HOME
from tests.store import small

CLOSED, OPEN = "2025-H2", "2026-H1"
ASKED, VERSION = "data-governance", "1.0.0"
#: How far each unit is in the open round; in the closed one everybody was accepted.
STATES = {
    "FR": "draft",
    "FR.sales": "submitted",
    "FR.finance": "draft",
    "DE": "accepted",
    "DE.sales": "returned",
}
_SENT = ("submitted", "accepted", "closed")
#: What a word was said as: in an answer, beside the answers, or by a reviewer of it.
ANSWER, BESIDE, REMARK = "answer", "beside", "remark"
_FOUND = re.compile(rf"zq(?:{ANSWER}|{BESIDE}|{REMARK})[a-z]+?(?:open|closed)qz")
#: Who acts for the unit: neither name occurs in a word that is looked for.
OWNERS = {
    unit: Principal(f"of {unit}", Role.DOMAIN_OWNER if "." in unit else Role.COUNTRY_LEADER, unit)
    for unit in STATES
}


def word(kind: str, unit_id: str, round_id: str) -> str:
    """What is said of this unit only, and in this round only: letters alone, which nothing escapes or breaks."""
    return f"zq{kind}{unit_id.replace('.', '').lower()}{'open' if round_id == OPEN else 'closed'}qz"


def words_in(content: bytes) -> set[str]:
    """The words that occur in a file, in whatever its parts or pages are."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return set().union(*(words_in(parts.read(name)) for name in parts.namelist()))
    if content.startswith(b"%PDF"):
        return set(
            _FOUND.findall("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))
        )
    return set(_FOUND.findall(content.decode("utf-8", "ignore")))


def readable(role: Role) -> set[str]:
    """The words that a role may read, as docs/access.md says under “What is read”."""
    said = set()
    for unit, name in product(STATES, (CLOSED, OPEN)):
        answers, beside = _may_read(role, unit, name)
        said |= {word(ANSWER, unit, name), word(REMARK, unit, name)} if answers else set()
        said |= {word(BESIDE, unit, name)} if beside else set()
        said |= {word(REMARK, unit, name)} if role is Role.REVIEWER else set()
    return said


def _may_read(role: Role, unit: str, round_id: str) -> tuple[bool, bool]:
    """Whether answers are read, and what stands beside them."""
    is_sent = round_id == CLOSED or STATES[unit] in _SENT
    home_is_sent = round_id == CLOSED or STATES.get(HOME.get(role, ""), "") in _SENT
    for who, whose, *cells in expected.rows("## What is read"):
        if expected.SECTIONS[_TITLE[who]] is role and unit in _whose(whose, role, home_is_sent):
            return cells[is_sent] == "yes", cells[2 + is_sent] == "yes"
    raise AssertionError(f"docs/access.md doesn't say whether {role} reads {unit}")


_TITLE = {title[0].lower() + title[1:] if title != "CDAO" else title: title for title in expected.SECTIONS}


def _whose(words: str, role: Role, home_is_sent: bool) -> set[str]:
    """The units that a line of the page means."""
    home = HOME.get(role, "")
    country = home.partition(".")[0]
    below = {unit for unit in STATES if unit.startswith(f"{home}.")}
    return {
        "any": set(STATES), "own": {home}, "own country": {country},
        "domain below, own not sent": set() if home_is_sent else below,
        "domain below, own sent": below if home_is_sent else set(),
        "sister domain": {unit for unit in STATES if unit.startswith(f"{country}.")} - {home},
        "another country or its domain": {unit for unit in STATES if unit.partition(".")[0] != country},
    }[words]  # fmt: skip


def fill(store: Store, catalogue: Catalogue) -> None:
    """Both rounds, through the product's own actions."""
    pinned = {ASKED: VERSION}
    administrator = small.desk_for(store, catalogue, small.ADMINISTRATOR)
    workspace.start_empty(administrator)
    units.add_units(administrator, small.small_organisation())
    for name, opens_on in ((CLOSED, date(2025, 9, 1)), (OPEN, date(2026, 3, 1))):
        rounds.open_round(administrator, replace(small.small_round(name, **pinned), opens_on=opens_on))
        for unit, state in STATES.items():
            _say(store, catalogue, unit, name, "accepted" if name == CLOSED else state)
    rounds.close_round(administrator, CLOSED)


def _say(store: Store, catalogue: Catalogue, unit: str, round_id: str, state: str) -> None:
    desk = small.desk_for(store, catalogue, OWNERS[unit])
    number = small.rows_of(
        store,
        "SELECT id FROM assessments WHERE unit_id = :unit AND round_id = :round",
        unit=unit,
        round=round_id,
    )[0]["id"]
    answering.save_answers(
        desk, number, list(_answers(catalogue, unit, word(ANSWER, unit, round_id))), origin="page"
    )
    _statements(desk, unit, round_id)
    reviewer = small.desk_for(store, catalogue, small.REVIEWER)
    if state != "draft":
        reviewing.submit(desk, number)
        _state(
            reviewer,
            "remark",
            _question(catalogue, unit, 0),
            unit,
            round_id,
            text=word(REMARK, unit, round_id),
        )
    if state == "accepted":
        reviewing.accept(reviewer, number)
    if state == "returned":
        reviewing.return_to_unit(reviewer, number, word(REMARK, unit, round_id))


def _question(catalogue: Catalogue, unit: str, place: int) -> str:
    kind = "domain" if "." in unit else "country"
    asked = [
        question.id
        for question in catalogue.get(ASKED, VERSION).questions.values()
        if question.is_asked_of(kind)
    ]
    return f"{ASKED}:{asked[place]}"


def _answers(catalogue: Catalogue, unit: str, said: str) -> Iterator[tuple[str, Answer, int]]:
    version = catalogue.get(ASKED, VERSION)
    kind = "domain" if "." in unit else "country"
    for number, question in enumerate(version.questions.values()):
        if not question.is_asked_of(kind):
            continue
        answer = Answer(
            AnswerState.ANSWERED, question.options[number % 3 + 1].id, evidence_kind=EvidenceKind.DOCUMENT,
            evidence_ref=said, comment=said,
        )  # fmt: skip
        if number % 5 == 4:
            answer = Answer(AnswerState.NOT_APPLICABLE, reason=said)
        yield question.id, answer, 0


def _statements(desk: Desk, unit: str, round_id: str) -> None:
    said = word(BESIDE, unit, round_id)
    first, principle = desk.catalogue.elements[0].id, desk.catalogue.principles[0].id
    _state(desk, "element", first, unit, round_id, use="law", reason=said)
    _state(desk, "principle", principle, unit, round_id, position="skipped", reason=said)
    for place in range(4):
        subject = _question(desk.catalogue, unit, place)
        _state(desk, "move", subject, unit, round_id, owner=said, note=said, due_on="2026-06-01")
    if unit == "DE":
        _state(
            desk, "request", _question(desk.catalogue, unit, 0), unit, round_id, to_unit="DE.sales", note=said
        )


def _state(desk: Desk, kind: str, subject: str, unit: str, round_id: str, **content: object) -> None:
    about = About(StatementKind(kind), round_id, unit, subject)
    stating.state(desk, about, content, expected_version=0, idempotency_key=small.new_key())
