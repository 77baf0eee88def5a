"""Calls to addresses that people name: to public ones alone, judged as they are dialled; short, without redirects."""

import asyncio
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import SplitResult, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from shared.database.session import inside_transaction
from shared.errors import Invalid, Unavailable

DEADLINE_SECONDS = 5.0
MOST_BYTES = 64 * 1024
LONGEST_ADDRESS = 2000
CHARACTERS = re.compile(r"[!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]+")
LABEL = r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?"
NAME = re.compile(rf"({LABEL}\.)+(?!(0x[0-9a-f]*|[0-9]+)$){LABEL}")
"""Two labels at least; where the last one is a number, some readers take the whole for an IPv4 address."""
PORTS = {"https": 443, "http": 80}
CARRIERS = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16")))
"""IPv6 addresses that stand for IPv4 ones, to which a network may translate them."""
OF_NOBODY = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20", "fec0::/10")))
"""Networks of nobody on the internet that Python takes for public: of protocols, of documents, and of single sites."""
NAMES_OF_HERE = ("localhost", "local", "internal", "home.arpa")


LOOK_UPS = ThreadPoolExecutor(8, "outside")
"""Threads that look names up: who owns a name says how long that takes, and the others of the process go on."""


class AddressNotAllowed(Invalid):
    """An address that is not a public one, or not by https."""

    code, detail = "address_not_allowed", "Name a public address that begins with https://."


class NoAnswer(Unavailable):
    """The address did not answer in time, or in a way that can be read."""

    code, detail = "no_answer", "The address does not answer."


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer; `body` is cut at 64 KiB."""

    status: int
    body: bytes


class Outside:
    """Calls of one process to foreign addresses. `private` are the hosts, with their ports, that may be private and
    need no TLS."""

    def __init__(self, private: frozenset[tuple[str, int]] = frozenset()) -> None:
        """Opens nothing."""
        self._private = private

    def check(self, address: str, field: str | None = None) -> None:
        """Raises AddressNotAllowed for what is refused by its writing alone; names are judged when they are dialled."""
        if not self._is_allowed(address):
            raise AddressNotAllowed(field=field)

    async def post(self, address: str, form: dict[str, str]) -> Answered:
        """Sends a form, at most for five seconds; raises AddressNotAllowed, NoAnswer. Redirects are answers."""
        if inside_transaction():
            raise RuntimeError("a foreign address was called inside a transaction")
        self.check(address)
        try:
            async with asyncio.timeout(DEADLINE_SECONDS):
                return await self._post(address, form)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            if isinstance(_cause_of(error), _NotPublic):
                raise AddressNotAllowed from error
            raise NoAnswer(f"The address does not answer: {type(error).__name__}.") from error

    async def _post(self, address: str, form: dict[str, str]) -> Answered:
        url = URL(address, encoded=True)
        async with self._client(address) as client, client.post(url, data=form, allow_redirects=False) as answer:
            return Answered(answer.status, await answer.content.read(MOST_BYTES))

    def _client(self, address: str) -> aiohttp.ClientSession:
        resolver = None if self._is_private(urlsplit(address)) else _PublicOnly()
        connector = aiohttp.TCPConnector(resolver=resolver, force_close=True, use_dns_cache=False)
        headers = {"User-Agent": "Estuary", "Accept-Encoding": "identity"}
        jar = aiohttp.DummyCookieJar()
        return aiohttp.ClientSession(connector=connector, headers=headers, cookie_jar=jar, auto_decompress=False)

    def _is_allowed(self, address: str) -> bool:
        parts = _split(address)
        if parts is None:
            return False
        return self._is_private(parts) or (parts.scheme == "https" and _may_be_public(parts.hostname or ""))

    def _is_private(self, parts: SplitResult) -> bool:
        return (parts.hostname or "", parts.port or PORTS[parts.scheme]) in self._private


def private_hosts(listed: str, *own: str) -> frozenset[tuple[str, int]]:
    """Those of `host:port,..`, and of own addresses; raises ValueError for what is no such list."""
    found = set()
    for part in filter(None, map(str.strip, listed.split(","))):
        parts = urlsplit(f"//{part}")
        if not parts.hostname or parts.port is None or parts.path:
            raise ValueError(f"{part} is not host:port")
        found.add((parts.hostname, parts.port))
    for address in own:
        parts = urlsplit(address)
        found.add((parts.hostname or "", parts.port or PORTS[parts.scheme]))
    return frozenset(found)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether anybody on the internet could have that address, and nobody's own network."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address.teredo is not None:
            return False
    if any(address in network for network in (*CARRIERS, *OF_NOBODY)):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _split(address: str) -> SplitResult | None:
    """The parts of a web address that no two readers take for different ones; else None."""
    if len(address) > LONGEST_ADDRESS or not CHARACTERS.fullmatch(address):
        return None
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    odd = "@" in parts.netloc or "%" in parts.netloc or port == 0 or ("[" in parts.netloc) != (":" in host)
    if parts.scheme not in PORTS or not host or odd or parts.fragment:
        return None
    return parts


def _may_be_public(host: str) -> bool:
    try:
        return is_public(ip_address(host))
    except ValueError:
        name = host.removesuffix(".")
    return NAME.fullmatch(name) is not None and not any(f".{name}".endswith(f".{here}") for here in NAMES_OF_HERE)


class _NotPublic(OSError):
    """A name leads to an address that is not public."""


class _PublicOnly(AbstractResolver):
    """Only what is dialled counts: a name may lead elsewhere a moment later."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The public addresses of the name; raises _NotPublic where it has one that is not."""
        asked = partial(socket.getaddrinfo, host, port, family, socket.SOCK_STREAM)
        found = await asyncio.get_running_loop().run_in_executor(LOOK_UPS, asked)
        if not all(is_public(ip_address(str(entry[4][0]).partition("%")[0])) for entry in found):
            raise _NotPublic("not a public address")
        return [_result(host, port, entry) for entry in found]

    async def close(self) -> None:
        """There is nothing to close."""


def _result(host: str, port: int, entry: Any) -> ResolveResult:
    family, _, protocol, _, place = entry
    return ResolveResult(
        hostname=host, host=place[0], port=port, family=family, proto=protocol, flags=socket.AI_NUMERICHOST
    )


def _cause_of(error: BaseException) -> BaseException | None:
    """The first error of a chain: aiohttp wraps what its resolver raises."""
    while (before := error.__cause__ or error.__context__) is not None:
        error = before
    return error
