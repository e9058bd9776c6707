"""How people come in, and the browsers in which they are signed in, as the administrator sees and ends them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

import pandas as pd
import streamlit as st

from assessment.actions import identities
from assessment.actions import invitations as actions
from assessment.i18n import count, t
from assessment.store.browser_sessions import LONGEST, UNUSED, BrowserSession
from assessment.store.invitations import Invitation
from assessment.store.people import Person
from assessment.ui import visiting
from assessment.ui.outcome import attempt, submit, tell
from assessment.ui.session import Here, to_the_minute
from assessment.ui.text import plain
from assessment.ui.widgets import fold

#: The link that was just made, and for whom, until the page is drawn once.
_NEW = "invitation-new"


def invitations(place: Here, people: Sequence[Person]) -> None:
    """The section with all of it."""
    st.header(t("Coming in"), anchor=False)
    if not visiting.is_asked():
        st.markdown(
            t(
                "Nobody signs in here: whoever uses this machine may act in every role. To let people sign in, the "
                "operator sets `MESH_READINESS_SIGN_IN`."
            )
        )
        return
    links, sessions = actions.list_open(place.desk())
    if visiting.is_by_link():
        _table(
            people, sessions, t("Link that waits"), {link.person_id: _until(link) for link in reversed(links)}
        )
        if people:
            _make(place, people)
    else:
        _vouched_for(place, people, sessions)
    if people:
        with fold(
            t("End a link or sign somebody out") if visiting.is_by_link() else t("Sign somebody out"),
            "fold-end",
        ):
            _end(place, people, links, sessions)


def _vouched_for(place: Here, people: Sequence[Person], sessions: Sequence[BrowserSession]) -> None:
    came = identities.people_with_identity(place.desk())
    known = {person.id: t("known") if person.id in came else t("not yet") for person in people}
    _table(people, sessions, t("Identity provider"), known)
    st.markdown(
        t(
            "People come in by your identity provider: those whose address stands here, when they first sign in, and "
            "those whose groups give them a role. Groups are looked at whenever somebody signs in."
        )
    )


def _until(link: Invitation) -> str:
    return t("until {moment}", moment=to_the_minute(link.ends_at))


def _table(
    people: Sequence[Person], sessions: Sequence[BrowserSession], way: str, ways: Mapping[str, str]
) -> None:
    """A line for each person: how they come in, where they are, and when they were last here."""
    rows = []
    for person in people:
        seen = [session.seen_at for session in sessions if session.person_id == person.id]
        rows.append(
            [
                person.name,
                ways.get(person.id, t("none")),
                count(len(seen), "browser") if seen else t("nowhere"),
                to_the_minute(max(seen)) if seen else "–",
            ]
        )
    names = [t("Name"), way, t("Signed in"), t("Last used")]
    st.dataframe(pd.DataFrame(rows, columns=names), hide_index=True, width="stretch")


def _make(place: Here, people: Sequence[Person]) -> None:
    person_id = _who(people, t("Link for"), "invite-whom")
    name = next(person.name for person in people if person.id == person_id)
    if st.button(t("Make an invitation link"), type="primary", key="invite"):

        def act() -> None:
            st.session_state[_NEW] = name, actions.invite(place.desk(), person_id).path

        submit("invite", act, t("Made for {name}.", name=name))
    tell("invite")
    _show_new()


def _show_new() -> None:
    """The link that was just made: drawn once, and then forgotten here too."""
    made: tuple[str, str] | None = st.session_state.pop(_NEW, None)
    if made is None:
        return
    name, path = made
    here = urlsplit(str(st.context.url or ""))
    address = f"{here.scheme}://{here.netloc}{path}" if here.netloc else path
    st.code(address, language=None, wrap_lines=True)
    st.warning(
        t(
            "Copy it now, and give it to {name} alone. It is shown until your next click here, and never again. "
            "It works once, within {days}; an earlier link of theirs works no more.",
            name=plain(name),
            days=count(actions.LASTS.days, "day"),
        ),
        icon=":material/key:",
    )


def _end(
    place: Here, people: Sequence[Person], links: Sequence[Invitation], sessions: Sequence[BrowserSession]
) -> None:
    person_id = _who(people, t("Whose"), "end-whose")
    name = next(person.name for person in people if person.id == person_id)
    waiting = [link for link in links if link.person_id == person_id]
    browsers = [session for session in sessions if session.person_id == person_id]
    st.markdown(
        t("Signed out, somebody sees and saves nothing more, at once. {by_itself}", by_itself=_by_itself())
    )
    for session in browsers:
        st.caption(
            t(
                "Signed in since {begun}, last used {seen}",
                begun=to_the_minute(session.started_at),
                seen=to_the_minute(session.seen_at),
            )
        )
    if st.button(t("Sign out everywhere"), disabled=not browsers, key="end-sessions"):
        done = t("Signed out: {name}.", name=name)
        submit("end", lambda: actions.end_sessions(place.desk(), person_id), done)
    if not visiting.is_by_link():
        _let_come_anew(place, person_id, name)
    for link in waiting:
        st.button(
            t("Revoke the link that works until {moment}", moment=to_the_minute(link.ends_at)),
            key=f"revoke-{link.id}", on_click=_revoke, args=(place, link.id, name),
        )  # fmt: skip
    tell("end")


def _by_itself() -> str:
    hours = int(UNUSED.total_seconds() // 3600)
    if not visiting.is_by_link():
        longest = count(int(identities.VOUCHED.total_seconds() // 3600), "hour")
        return t("A browser is signed out by itself after {longest}.", longest=longest)
    return t(
        "A browser is signed out by itself after {hours} hours without use, and after {days} in any case.",
        hours=hours,
        days=count(LONGEST.days, "day"),
    )


def _let_come_anew(place: Here, person_id: str, name: str) -> None:
    """For an account that the provider made anew: it has another subject, and the address is taken by the old one."""
    if st.button(
        t("Forget the account they sign in with"),
        help=t(
            "They are signed out, and lose what groups gave. The next time they are found by their address, if it stands here "
            "and the provider vouches for it; else they come in as somebody new, if a group lets them."
        ),
        key="forget-identity",
    ):
        done = t("Forgotten: the account of {name}.", name=name)
        submit("end", lambda: identities.forget_identity(place.desk(), person_id), done)


def _revoke(place: Here, invitation_id: str, name: str) -> None:
    """For a button that is gone with what it did."""
    done = t("Revoked: the link for {name}.", name=name)
    attempt("end", lambda: actions.revoke_invitation(place.desk(), invitation_id), done)


def _who(people: Sequence[Person], label: str, key: str) -> str:
    names = _names(people)
    return str(st.selectbox(label, list(names), format_func=names.__getitem__, key=key))


def _names(people: Sequence[Person]) -> dict[str, str]:
    """Each with the address where there is one, because two may bear one name."""
    return {
        person.id: f"{person.name} ({person.email})" if person.email else person.name for person in people
    }
