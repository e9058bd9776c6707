"""Whom to believe: what proxies say in headers holds only when it comes from one that the settings name.

From anybody else the headers are taken away before a page, a route or Streamlit sees them. For pages and websockets alike.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

import uvicorn.config
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from assessment.settings import Settings

#: What people are known by whom a proxy names; an identity provider has an address in its place.
ISSUER = "proxy"
#: In which the proxy shows that it is the one: a header that comes from elsewhere lacks it.
SECRET_HEADER = "X-Mesh-Readiness-Proxy"  # noqa: S105 its name, not the secret
_SAYS = ("User", "Email", "Groups", "Name", "Preferred-Username")
#: From where, and by what: believed of the same proxies, in every way of signing in.
_FORWARDED = frozenset({b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host"})


@dataclass(frozen=True, slots=True)
class Named:
    """Who the proxy says it is."""

    user: str
    name: str
    email: str
    groups: frozenset[str]


def names_of(headers: Mapping[str, str], prefix: str) -> Named | None:
    """Whom a request's headers name, None when they name nobody. Only of headers that went through `TrustedProxies`."""
    user, email, groups, name, username = (_text(headers.get(f"{prefix}-{said}", "")) for said in _SAYS)
    if not user:
        return None
    told = frozenset(part.strip() for part in groups.split(",") if part.strip())
    return Named(user, name or username or email or user, email, told)


def _text(value: str) -> str:
    """What a header says: proxies write UTF-8, and servers hand it on as Latin-1."""
    try:
        return value.encode("latin-1").decode().strip()
    except UnicodeError:
        return value.strip()


def plain_address(host: str) -> str:
    """An IPv4 address that a socket for both kinds wrote as one of IPv6, as it is; anything else unchanged.

    >>> plain_address("::ffff:192.0.2.7"), plain_address("2001:db8::1"), plain_address("")
    ('192.0.2.7', '2001:db8::1', '')
    """
    try:
        address = ip_address(host)
    except ValueError:
        return host
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped) if mapped else host


def believe_no_proxy_but_ours() -> None:
    """Take from uvicorn what it would believe by itself: whatever runs on this machine, before we see from where it came.

    To be called while uvicorn loads the application: it has chosen whom to believe by then, and wraps the application next.
    """
    uvicorn.config.ProxyHeadersMiddleware = _as_it_came  # type: ignore[assignment,attr-defined]


def _as_it_came(app: ASGIApp, trusted_hosts: object) -> ASGIApp:  # noqa: ARG001
    return app


class TrustedProxies:
    """ASGI middleware, around everything else."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._networks = settings.proxies
        # uvicorn's own, for what proxies say of the connection; it is asked only when the proxy is one of ours.
        believed = [str(network) for network in settings.proxies]
        self._forwarded = ProxyHeadersMiddleware(app, believed)  # type: ignore[arg-type] # the same, typed more narrowly
        self._app = app
        secret = settings.proxy_secret
        self._secret = secret.get_secret_value().encode() if secret and settings.sign_in == "proxy" else None
        self._names = frozenset(f"{settings.proxy_headers}-{said}".lower().encode() for said in _SAYS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        client = scope.get("client")
        scope = {**scope, "client": (plain_address(client[0]), client[1]) if client else None}
        is_proxy = self._is_proxy(scope)
        taken = set() if is_proxy else set(_FORWARDED)
        if not (is_proxy and self._shows_secret(scope)) or self._says_twice(scope):
            taken |= self._names
        taken.add(SECRET_HEADER.lower().encode())
        kept = [(name, value) for name, value in scope["headers"] if name.lower() not in taken]
        inner = self._forwarded if is_proxy else self._app
        await inner({**scope, "headers": kept}, receive, send)  # type: ignore[arg-type]

    def _is_proxy(self, scope: Scope) -> bool:
        client = scope.get("client")
        try:
            address = ip_address(client[0]) if client else None
        except ValueError:
            return False
        return address is not None and any(address in network for network in self._networks)

    def _says_twice(self, scope: Scope) -> bool:
        """Whether a browser's own word may stand beside the proxy's, which then was added and not put in its place."""
        said = [name.lower() for name, _ in scope["headers"]]
        return any(said.count(name) > 1 for name in self._names)

    def _shows_secret(self, scope: Scope) -> bool:
        shown = [value for name, value in scope["headers"] if name.lower() == SECRET_HEADER.lower().encode()]
        return self._secret is not None and len(shown) == 1 and hmac.compare_digest(shown[0], self._secret)
