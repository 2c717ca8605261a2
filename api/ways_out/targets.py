"""Where a webhook may lead: to public addresses over https, so that nobody reads the inside of our network through us.

The name is looked up when an event is sent, every address it has is checked, and the connection goes to the address
that was checked: a name that changes its mind in between gains nothing.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a host. Raises OSError."""

_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
_LOOK_UP_SECONDS = 5.0
LONGEST_URL = 500


class TargetRefused(Exception):
    """Nothing may be sent there; `key` names the sentence that says why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True)
class Target:
    """A checked address: `url` with an address instead of the name, and the name for `Host` and the certificate."""

    url: str
    host: str
    """As `Host` has it, with the port where it is not the usual one."""
    name: str


def check_url(url: str, *, private: bool) -> None:
    """Refuses what could never be sent to. `private` allows http and addresses that are not public."""
    parts = _parts(url)
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        raise TargetRefused("webhook_https")
    if not parts.hostname or parts.username is not None or parts.password is not None or parts.fragment:
        raise TargetRefused("webhook_url")
    try:
        address = ipaddress.ip_address(parts.hostname)
    except ValueError:
        return
    if not private and not is_public(str(address)):
        raise TargetRefused("webhook_private")


async def find(url: str, *, private: bool, resolve: Resolver | None = None) -> Target:
    """The address to connect to. Raises `TargetRefused`, and OSError where the name leads nowhere."""
    check_url(url, private=private)
    parts = _parts(url)
    name = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    async with asyncio.timeout(_LOOK_UP_SECONDS):
        addresses = await (resolve or _resolve)(name, port)
    if not addresses:
        raise OSError("no address")
    if not private and not all(map(is_public, addresses)):
        raise TargetRefused("webhook_private")
    shown = f"[{addresses[0]}]" if ":" in addresses[0] else addresses[0]
    rest = parts.path or "/"
    rest += f"?{parts.query}" if parts.query else ""
    host = parts.netloc if ":" not in name else f"[{name}]" + (f":{parts.port}" if parts.port else "")
    return Target(f"{parts.scheme}://{shown}:{port}{rest}", host, name)


def is_public(text: str) -> bool:
    """Whether an address belongs to the internet at large, also inside of what IPv6 wraps IPv4 into."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
        if address in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner:
            return is_public(str(inner))
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved and not address.is_unspecified


def _parts(url: str) -> SplitResult:
    if (
        len(url) > LONGEST_URL
        or not url.isascii()
        or not url.isprintable()
        or any(mark in url for mark in ' "<>\\^`{|}')
    ):
        raise TargetRefused("webhook_url")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise TargetRefused("webhook_url") from error
    return parts


async def _resolve(name: str, port: int) -> Sequence[str]:
    found = await asyncio.get_running_loop().getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]
