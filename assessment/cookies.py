"""The one cookie: it stands for a signed-in browser, and holds nothing but 32 random bytes."""

from __future__ import annotations

from collections.abc import Mapping

_PLAIN = "mesh-readiness"
#: A browser takes a cookie of this name only over HTTPS, for this host alone, from nobody else.
_OF_THIS_HOST = f"__Host-{_PLAIN}"


def cookie_name(*, is_secure: bool) -> str:
    """Under which name it is set; `is_secure` where it may travel by HTTPS only."""
    return _OF_THIS_HOST if is_secure else _PLAIN


def signed_in_by(cookies: Mapping[str, str], *, https_only: bool) -> str:
    """What the cookie holds, '' without one. With `https_only`, one that could have come by plain HTTP isn't read."""
    names = (_OF_THIS_HOST,) if https_only else (_OF_THIS_HOST, _PLAIN)
    return next((cookies[name] for name in names if cookies.get(name)), "")
