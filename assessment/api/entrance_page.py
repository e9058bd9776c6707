"""The small pages at the entrance: plain HTML of our own, every name escaped, and no script."""

from __future__ import annotations

from html import escape

from assessment.actions.identities import SIGN_IN
from assessment.i18n import language, t

_STYLE = """
:root { color-scheme: light dark; font: 1.0625rem/1.5 "Source Sans", "Source Sans 3", system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #F6F8FA; color: #111827; }
main { max-width: 26rem; margin: 1rem; padding: 2rem; background: #FFFFFF; border: 1px solid #7A8494; border-radius: .5rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; overflow-wrap: anywhere; }
p, form { margin: 0 0 1rem; }
p.small { font-size: .9375rem; }
main > :last-child { margin-bottom: 0; }
button { font: inherit; font-weight: 600; padding: .5rem 1.25rem; border: 0; border-radius: .5rem; background: #1F5FA8; color: #FFFFFF; cursor: pointer; }
button:focus-visible, a:focus-visible { outline: 3px solid #8AB8F0; outline-offset: 2px; }
a { color: #1A4F8C; }
@media (prefers-color-scheme: dark) {
  body { background: #0E1117; color: #F3F4F6; }
  main { background: #171C26; border-color: #8A94A6; }
  button { background: #3373C4; }
  a { color: #8AB8F0; }
}
"""


def come_in(name: str, days: int, hours: int) -> str:
    """Who the link is for, and the button that uses it up."""
    return _page(
        t("Welcome, {name}", name=name),
        _said(t("This link is yours alone, and works once.")),
        _button(t("Come in")),
        _said(
            t(
                "This browser then stays signed in: for {hours} hours without use, and for {days} days at most. "
                "It keeps one cookie for that. On a computer that others use, sign out when you leave.",
                hours=hours,
                days=days,
            ),
            "small",
        ),
    )


def go_out(*, by_link: bool) -> str:
    """The button that signs a browser out; `by_link`: whoever leaves needs another link to come back."""
    saved = t("What was shown as saved is saved.")
    link = t("To come back you need a new link from your administrator.")
    return _page(
        t("Sign out"),
        _said(f"{link} {saved}" if by_link else saved),
        _button(t("Sign out of this browser")),
        f'<p class="small">{_link("/", t("Stay signed in"))}</p>',
    )


def gone(elsewhere: str, *, by_link: bool) -> str:
    """After signing out; `elsewhere` is where the session of who vouched ends ('': nowhere that is known)."""
    parts = [_said(t("You can close this page."))]
    if elsewhere:
        words = t("Where you signed in you may be signed in still, and be let in again without being asked.")
        parts = [_said(words), f"<p>{_link(elsewhere, t('Sign out there too'))}</p>"]
    if not by_link:
        parts.append(f'<p class="small">{_link(SIGN_IN, t("Sign in again"))}</p>')
    return _page(t("You are signed out"), *parts)


def refused(title: str, words: str, retry: str = "") -> str:
    """Why there is no way in here; `retry` is where another try begins."""
    return _page(title, _said(words), *([f"<p>{_link(retry, t('Try again'))}</p>"] if retry else []))


def _link(address: str, words: str) -> str:
    return f'<a href="{escape(address)}">{escape(words)}</a>'


def _page(title: str, *parts: str) -> str:
    return (
        f'<!doctype html><html lang="{escape(language())}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{escape(title)} · Mesh Readiness</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{''.join(parts)}</main></body></html>"
    )


def _said(words: str, kind: str = "") -> str:
    return f'<p class="{kind}">{escape(words)}</p>' if kind else f"<p>{escape(words)}</p>"


def _button(words: str) -> str:
    """A form without fields, sent to the address of its own page."""
    return f'<form method="post"><button type="submit">{escape(words)}</button></form>'
