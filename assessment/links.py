"""References: plain text, or a link that is safe to follow."""

from __future__ import annotations

import re

# These run code, and browsers take them even with a space after the colon.
_RUNNING = "javascript|vbscript|livescript"
# These count when something follows the colon at once: 'File: minutes' is a plain reference, and so is 'ISO:27001'.
_KNOWN = (
    "about|afp|blob|chrome|chrome-extension|cid|data|dav|dict|facetime|feed|file|filesystem|ftp|ftps|git|gopher|imap"
    "|intent|irc|jar|ldap|ldaps|magnet|mailto|mhtml|moz-extension|ms-[a-z-]+|news|nfs|nntp|onenote|resource|rsync"
    "|rtsp|sftp|sip|sips|skype|slack|sms|smb|ssh|svn|tel|telnet|view-source|webcal|ws|wss|xmpp|zoommtg"
)
_SCHEME = re.compile(
    rf"(?P<running>{_RUNNING}):|(?P<known>{_KNOWN}):\S|(?P<other>[a-z][a-z0-9+.-]*)://", re.IGNORECASE
)
# Browsers pass over control characters before an address, and drop these wherever they stand in it.
_BEFORE, _DROPPED = re.compile(r"^[\x00-\x20]+"), re.compile(r"[\t\r\n]")


def foreign_scheme(reference: str) -> str:
    r"""The scheme of a reference that a browser would take for a link other than http or https, else ''.

    >>> foreign_scheme("java\nscript:alert(1)"), foreign_scheme("ISO: 27001"), foreign_scheme("https://x.org/a")
    ('javascript', '', '')
    """
    found = _SCHEME.match(_BEFORE.sub("", _DROPPED.sub("", reference)))
    scheme = str(found[found.lastgroup or 0]) if found else ""
    return "" if scheme.lower() in {"http", "https"} else scheme
