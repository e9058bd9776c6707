"""Evidence references: plain text, or a link that is safe to follow."""

from __future__ import annotations

import re

import pandas as pd

from assessment.intake.findings import Mask

# These run or carry content, and browsers take them even with a space after the colon.
_ACTIVE = "javascript|vbscript|livescript"
# Known schemes count when something follows the colon at once: 'File: minutes' and 'ISO:27001' are no links.
_KNOWN = (
    "about|afp|blob|chrome|chrome-extension|cid|data|dav|dict|facetime|feed|file|filesystem|ftp|ftps|git|gopher|imap"
    "|intent|irc|jar|ldap|ldaps|magnet|mailto|mhtml|mid|moz-extension|ms-[a-z-]+|news|nfs|nntp|onenote|resource|rsync"
    "|rtsp|sftp|sip|sips|skype|slack|sms|smb|ssh|svn|tel|telnet|urn|view-source|webcal|ws|wss|xmpp|zoommtg"
)
_HTTP = re.compile("https?:", re.IGNORECASE)
# Browsers pass over control characters and spaces before a scheme.
_BEFORE = r"[\x00-\x20]*"
_SCHEME = rf"(?i:{_BEFORE}(({_ACTIVE}):|({_KNOWN}):[^ ]|[a-z][a-z0-9+.-]*://))"
# Browsers drop these wherever they stand in an address, so that 'java\nscript:' is one word to them.
_DROPPED = r"[\t\r\n]"


def foreign_scheme(reference: str) -> str:
    """The scheme of a reference that a browser would take for a link other than http or https, else ''.

    >>> foreign_scheme("javascript:alert(1)"), foreign_scheme("ISO: 27001"), foreign_scheme("https://x.org/a")
    ('javascript', '', '')
    """
    seen = re.sub(_DROPPED, "", reference).lstrip()
    if not re.match(_SCHEME, seen) or _HTTP.match(seen):
        return ""
    return re.sub(_BEFORE, "", seen.partition(":")[0])


def have_foreign_scheme(references: pd.Series[str]) -> Mask:
    """Which of many references `foreign_scheme` finds a scheme in."""
    suspect = references.str.contains(":", regex=False).to_numpy(dtype=bool)
    found = suspect.copy()
    seen = references[suspect].str.replace(_DROPPED, "", regex=True)
    match = seen.str.match(_SCHEME) & ~seen.str.match(rf"(?i:{_BEFORE}https?:)")
    found[suspect] = match.to_numpy(dtype=bool)
    return found
