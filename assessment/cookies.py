"""The cookies: one stands for a signed-in browser and holds nothing but 32 random bytes; one is for the way to a provider."""

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


def on_its_way(*, is_secure: bool) -> str:
    """Under which name a browser takes along what is asked of an identity provider, until it comes back."""
    return f"{cookie_name(is_secure=is_secure)}-way"
