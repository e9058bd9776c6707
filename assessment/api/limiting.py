"""How often a program may ask: generous for one that works, and not for one that tries tokens out."""

from __future__ import annotations

from collections import OrderedDict
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from threading import Lock

from starlette.requests import Request

from assessment.api.problems import Refusal
from assessment.i18n import t
from assessment.limits import Limit
from assessment.proxies import plain_address

#: Of one token: every table of a large group, page after page, at once; then ten requests a second.
OF_TOKEN = Limit(burst=600, every_s=0.1)
#: Without a token that opens anything, from one address and from all together. Nobody guesses 32 random bytes: these keep
#: the database's time for those who work.
FAILING, FAILING_OF_ALL = Limit(burst=60, every_s=1), Limit(burst=600, every_s=0.1)
_REMEMBERED = 1000


class Known:
    """The hashes of tokens that opened something lately: a stranger's tries at the same address don't shut these out."""

    def __init__(self) -> None:
        self._found: OrderedDict[str, None] = OrderedDict()
        self._lock = Lock()

    def __contains__(self, digest: str) -> bool:
        with self._lock:
            return digest in self._found

    def add(self, digest: str) -> None:
        with self._lock:
            self._found[digest] = None
            self._found.move_to_end(digest)
            if len(self._found) > _REMEMBERED:
                self._found.popitem(last=False)

    def forget(self) -> None:
        """None opened anything yet."""
        with self._lock:
            self._found.clear()


KNOWN = Known()


def require_patience(request: Request) -> None:
    """Counts one try that may fail.

    Raises:
        Refusal: There were too many.
    """
    wait = FAILING.take(address_of(request)) or FAILING_OF_ALL.take()
    if wait:
        raise _too_many(t("Too many tries without a valid token. Wait, then send a valid one."), wait)


def forgive(request: Request) -> None:
    """The try that was counted didn't fail."""
    FAILING.give_back(address_of(request))
    FAILING_OF_ALL.give_back()


def require_pace(token: str) -> None:
    """Counts one request of a token, given by its id.

    Raises:
        Refusal: There were too many.
    """
    wait = OF_TOKEN.take(token)
    if wait:
        raise _too_many(t("Too many requests with this token. Wait, then go on."), wait)


def forget() -> None:
    """Nobody has asked anything yet."""
    for limit in (OF_TOKEN, FAILING, FAILING_OF_ALL):
        limit.forget()
    KNOWN.forget()


def _too_many(words: str, wait: float) -> Refusal:
    return Refusal(HTTPStatus.TOO_MANY_REQUESTS, words, headers={"Retry-After": str(ceil(wait))})


def address_of(request: Request) -> str:
    """Where it comes from; of IPv6 the network, because who has one address there has a whole network of them."""
    host = plain_address(request.client.host) if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return str(ip_network((int(address), 64), strict=False)) if isinstance(address, IPv6Address) else host
