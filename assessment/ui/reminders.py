"""Whom to remind of what: mails that one's own mail program sends, and a list; this product sends none itself."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address
from urllib.parse import quote, urlsplit

import pandas as pd
import streamlit as st

from assessment.access import UNIT_KIND_OF
from assessment.analysis.progress import Progress
from assessment.exports.excel_csv import excel_csv
from assessment.i18n import count, day, t
from assessment.organisation import Round
from assessment.store.people import Person
from assessment.ui.monitor import WHERE_NAMES, WITH_UNIT
from assessment.ui.session import Here, today
from assessment.ui.text import plain

#: Mail programs cut addresses that are longer; more people get a second link.
_LONGEST_LINK = 1_800
#: So many units are named in a sentence.
_MOST_NAMED = 8


def remind(place: Here, entry: Round, progress: Sequence[Progress], people: Sequence[Person]) -> None:
    """Whom to write to: everybody at once, or one unit with what is open there."""
    late = [found for found in progress if found.where(today(), entry.closes_on) in WITH_UNIT]
    if not late:
        st.markdown(t("Nobody needs a reminder: every assessment is with the reviewer or accepted."))
        return
    answering = {found.unit_id: answering_of(people, found.unit_id) for found in late}
    everybody = {person.id: person for asked in answering.values() for person in asked}
    st.markdown(_who(late, list(everybody.values())))
    addresses = sorted({person.email for person in everybody.values() if person.email})
    reachable = [unit for unit, asked in answering.items() if any(person.email for person in asked)]
    if len(reachable) > 1:
        _write_to_all(entry, addresses)
    if reachable:
        _write_to_one(place, entry, late, answering, reachable)
    if nobody := [place.organisation.label(unit) for unit in answering if unit not in reachable]:
        st.warning(t("Nobody with an address answers for {units}. Add people first.", units=_named(nobody)))
    st.download_button(
        t("Download the list (CSV for Excel)"), excel_csv(reminders(place, entry, late, people)),
        f"reminders_{entry.id}.csv", "text/csv",
    )  # fmt: skip


def _who(late: Sequence[Progress], people: Sequence[Person]) -> str:
    reached = sum(bool(person.email) for person in people)
    units = count(len({found.unit_id for found in late}), "unit")
    said = t(
        "Waiting for their unit: {assessments} of {units}.",
        assessments=count(len(late), "assessment"), units=units,
    )  # fmt: skip
    if not people:
        return said + " " + t("Nobody answers for them yet.")
    who = t(
        "{people} for them, {reached} with an address.",
        people=count(len(people), "person answers", "people answer"), reached=reached,
    )  # fmt: skip
    return f"{said} {who}"


def _write_to_all(entry: Round, addresses: Sequence[str]) -> None:
    body = "\n".join(
        [t("Something of your assessment in “{round}” is still open.", round=entry.title), *_ending(entry)]
    )
    groups = mail_groups(addresses, len(_subject_and_body(_subject(entry), body)))
    for number, group in enumerate(groups, 1):
        words = t("Write to {people}", people=count(len(group), "person", "people"))
        if len(groups) > 1:
            words += " " + t("({n} of {all})", n=number, all=len(groups))
        st.link_button(words, mail_link(group, _subject(entry), body), icon=":material/mail:")


def _write_to_one(
    place: Here,
    entry: Round,
    late: Sequence[Progress],
    answering: dict[str, list[Person]],
    reachable: Sequence[str],
) -> None:
    """A mail that says what is open; with one unit to write to there is nothing to choose."""
    unit_id: str | None = reachable[0]
    if len(reachable) > 1:
        unit_id = st.selectbox(
            t("Write to one unit"), reachable, index=None, format_func=place.organisation.label,
            placeholder=t("Choose a unit"), key=f"remind-{entry.id}",
        )  # fmt: skip
    if unit_id is None:
        return
    addresses = sorted({person.email for person in answering[unit_id] if person.email})
    body = unit_body(place, entry, [found for found in late if found.unit_id == unit_id])
    st.link_button(
        t(
            "Write to {people} of {unit}",
            people=count(len(addresses), "person", "people"), unit=plain(place.organisation.label(unit_id)),
        ),
        mail_link(addresses, _subject(entry), body), icon=":material/mail:",
    )  # fmt: skip


def unit_body(place: Here, entry: Round, late: Sequence[Progress]) -> str:
    """What is open for one unit, until when, and where to answer it."""
    unit = place.organisation.label(late[0].unit_id)
    lines = [t("This is still open for {unit} in “{round}”:", unit=unit, round=entry.title)]
    for found in late:
        said = t(
            "- {questionnaire}: {where}, {left} of {asked} questions left",
            questionnaire=_title(place, entry, found), where=_where(entry, found).lower(),
            left=found.asked - found.answered, asked=found.asked,
        )  # fmt: skip
        lines.append(said)
    return "\n".join([*lines, *_ending(entry)])


def _ending(entry: Round) -> list[str]:
    """When the round closes, and where the app is; each left out when nobody knows."""
    lines = []
    if entry.closes_on is not None:
        lines.append(t("The round closes on {day}.", day=day(entry.closes_on)))
    if where := home(st.context.url):
        lines.append(t("You answer here: {address}", address=where))
    return ["", *lines] if lines else []


def home(address: str | None) -> str:
    """Where others find the app, by a page's address; '' when it isn't known, or leads to this machine only.

    >>> home("https://data.example.org/readiness/rounds?role=x"), home("http://localhost:8501/rounds")
    ('https://data.example.org/readiness/', '')
    """
    parts = urlsplit(address or "")
    if not parts.hostname or _is_here_only(parts.hostname):
        return ""
    return f"{parts.scheme}://{parts.netloc}{parts.path.rpartition('/')[0]}/"


def _is_here_only(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def reminders(place: Here, entry: Round, late: Sequence[Progress], people: Sequence[Person]) -> pd.DataFrame:
    """A row for each assessment and each person who answers for its unit; without a person name and address are ''."""
    rows = [
        [
            place.organisation.label(found.unit_id), _title(place, entry, found), _where(entry, found), name, email,
            found.asked - found.answered,
        ]
        for found in late
        for name, email in [(p.name, p.email) for p in answering_of(people, found.unit_id)] or [("", "")]
    ]  # fmt: skip
    names = [t("Unit"), t("Questionnaire"), t("Where"), t("Name"), t("E-mail"), t("Questions left")]
    return pd.DataFrame(rows, columns=names)


def answering_of(people: Sequence[Person], unit_id: str) -> list[Person]:
    """Those who answer for a unit, deputies included."""
    return [
        person
        for person in people
        if person.name and any(held.role in UNIT_KIND_OF and held.unit_id == unit_id for held in person.roles)
    ]


def mail_groups(addresses: Sequence[str], taken: int) -> list[list[str]]:
    """The addresses in groups that fit a link in which `taken` characters are used for subject and body.

    >>> mail_groups(["a@x.org", "b@x.org"], 100)
    [['a@x.org', 'b@x.org']]
    """
    groups: list[list[str]] = [[]]
    for address in addresses:
        if groups[-1] and len(",".join(map(_quoted, [*groups[-1], address]))) + taken > _LONGEST_LINK:
            groups.append([])
        groups[-1].append(address)
    return groups


def mail_link(addresses: Sequence[str], subject: str, body: str) -> str:
    """A link that opens a mail to these people, none of whom sees the others.

    >>> mail_link(["a@x.org", "b@x.org"], "Hello there", "Good day")
    'mailto:?bcc=a%40x.org,b%40x.org&subject=Hello%20there&body=Good%20day'
    """
    return f"mailto:?bcc={','.join(map(_quoted, addresses))}{_subject_and_body(subject, body)}"


def _subject_and_body(subject: str, body: str) -> str:
    # Mail programs want the line ends of mails (RFC 6068).
    lines = body.replace("\n", "\r\n")
    return f"&subject={_quoted(subject)}&body={_quoted(lines)}"


def _subject(entry: Round) -> str:
    return t("{round}: your assessment", round=entry.title)


def _title(place: Here, entry: Round, found: Progress) -> str:
    return place.catalogue.get(found.questionnaire_id, entry.questionnaires[found.questionnaire_id]).title


def _where(entry: Round, found: Progress) -> str:
    return t(WHERE_NAMES[found.where(today(), entry.closes_on)])


def _named(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    # Semicolons, because a domain is named with its country after a comma.
    shown = [*sorted(names)[:_MOST_NAMED], *([t("{n} more", n=more)] if more > 0 else [])]
    return plain("; ".join(shown))


def _quoted(text: str) -> str:
    return quote(text, safe="")
