"""What one anonymous caller can send: `python -m tests.edge.attacks NAME HOST PORT SECONDS` prints the answers."""

import asyncio
import itertools
import json
import re
import socket
import struct
import sys
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress

SERVICES = "/api/v1/services/"
BOOKINGS = "/api/v1/bookings/"
REGISTER = "/api/v1/auth/register/"
WEBHOOK = "/api/v1/webhooks/stripe/"
STATUS = re.compile(rb"HTTP/1\.1 (\d{3})")
HEARD = 65536
HEAD_END = b"\r\n\r\n"


class Caller:
    """One address that sends for so long; it counts what it hears."""

    def __init__(self, host: str, port: int, seconds: float, source: str | None = None) -> None:
        self.host, self.port, self.seconds = host, port, seconds
        self.source = (source, 0) if source else None
        self.heard: Counter[str] = Counter()

    @property
    def goes_on(self) -> bool:
        return asyncio.get_running_loop().time() < self.ends_at

    async def run(self, attack: "Attack") -> None:
        self.ends_at = asyncio.get_running_loop().time() + self.seconds
        await attack(self)

    async def at_once(self, number: int, what: Callable[[], Awaitable[None]]) -> None:
        """So many at the same time, each again and again."""
        async with asyncio.TaskGroup() as group:
            for _ in range(number):
                group.create_task(self._again(what))

    async def _again(self, what: Callable[[], Awaitable[None]]) -> None:
        while self.goes_on:
            try:
                await what()
            except (OSError, asyncio.IncompleteReadError):
                self.heard["cut"] += 1
                await asyncio.sleep(0.01)

    async def send(self, *parts: bytes, pause: float = 0.0, reads: bool = True) -> None:
        """One connection: the parts with that pause between them, then what is answered until its end."""
        reader, writer = await asyncio.open_connection(self.host, self.port, local_addr=self.source)
        try:
            for part in parts:
                if not self.goes_on:
                    return
                writer.write(part)
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.5):
                        await writer.drain()
                await asyncio.sleep(pause)
            if reads:
                await self._hear(reader)
        finally:
            writer.transport.abort()

    async def reset(self, asked: bytes) -> None:
        """One connection that is answered, and then broken off without its end."""
        reader, writer = await asyncio.open_connection(self.host, self.port, local_addr=self.source)
        try:
            writer.write(asked)
            await self._hear(reader, HEAD_END)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        finally:
            writer.transport.abort()

    async def _hear(self, reader: asyncio.StreamReader, until: bytes = b"") -> None:
        answer = b""
        with suppress(TimeoutError):
            async with asyncio.timeout(2):
                while part := await reader.read(HEARD):
                    answer = (answer + part)[:HEARD]
                    if until and until in answer:
                        break
        self.heard.update(status.decode() for status in STATUS.findall(answer))
        self.heard["nothing"] += not answer


Attack = Callable[[Caller], Awaitable[None]]


def request(method: str, path: str, *fields: str, body: bytes = b"") -> bytes:
    length = [f"Content-Length: {len(body)}", "Content-Type: application/json"] if body else []
    lines = [f"{method} {path} HTTP/1.1", "Host: here", "Connection: close", *length, *fields, "", ""]
    return "\r\n".join(lines).encode() + body


CHUNKED = request("POST", WEBHOOK, "Transfer-Encoding: chunked", "Content-Type: application/json")


async def nested_token(caller: Caller) -> None:
    token = urlsafe_b64encode(b"[" * 3000).decode()
    await caller.at_once(20, lambda: caller.send(request("GET", BOOKINGS, f"Authorization: Bearer {token}.e30.x")))


async def long_token(caller: Caller) -> None:
    await caller.at_once(20, lambda: caller.send(request("GET", BOOKINGS, f"Authorization: Bearer {'a' * 30_000}")))


def _tokens() -> Iterator[str]:
    for number in itertools.count():
        head = json.dumps({"alg": "ES256", "typ": "at+jwt", "kid": f"unknown-{number}"}).encode()
        yield f"{urlsafe_b64encode(head).decode().rstrip('=')}.e30.x"


async def unknown_keys(caller: Caller) -> None:
    tokens = _tokens()
    await caller.at_once(20, lambda: caller.send(request("GET", BOOKINGS, f"Authorization: Bearer {next(tokens)}")))


async def long_field(caller: Caller) -> None:
    await caller.at_once(20, lambda: caller.send(request("GET", SERVICES, "A: " + "a" * 1_000_000)))


async def many_fields(caller: Caller) -> None:
    fields = [f"A{number}: b" for number in range(20_000)]
    await caller.at_once(20, lambda: caller.send(request("GET", SERVICES, *fields)))


async def long_path(caller: Caller) -> None:
    await caller.at_once(20, lambda: caller.send(request("GET", "/" + "a@" * 16_000)))


async def path_with_signs(caller: Caller) -> None:
    await caller.at_once(20, lambda: caller.send(request("GET", "/" + "://a@" * 1600)))


async def slow_heads(caller: Caller) -> None:
    await caller.at_once(190, lambda: caller.send(b"GET / HTTP/1.1\r\n", *[b"A: b\r\n"] * 20, pause=1.0))


async def slow_bodies(caller: Caller) -> None:
    begun = request("POST", REGISTER, "Content-Length: 1000", "Content-Type: application/json")
    await caller.at_once(190, lambda: caller.send(begun, *[b" "] * 60, pause=1.0))


async def many_connections(caller: Caller) -> None:
    await caller.at_once(1000, lambda: caller.send(b"", pause=0.5))


async def silent(caller: Caller) -> None:
    asked = request("GET", "/openapi.json").replace(b"Connection: close\r\n", b"") * 10
    await caller.at_once(190, lambda: caller.send(asked, *[b""] * 20, pause=1.0, reads=False))


async def pipelined(caller: Caller) -> None:
    asked = request("GET", SERVICES).replace(b"Connection: close\r\n", b"") * 5000
    await caller.at_once(20, lambda: caller.send(asked))


async def endless_trailers(caller: Caller) -> None:
    begun = request("POST", REGISTER, "Transfer-Encoding: chunked", "Content-Type: application/json") + b"0\r\n"
    await caller.at_once(20, lambda: caller.send(begun, b"A: b\r\n" * 50_000))


async def resets(caller: Caller) -> None:
    asked = request("GET", "/health/live").replace(b"Connection: close\r\n", b"")
    await caller.at_once(50, lambda: caller.reset(asked))


async def tiny_chunks(caller: Caller) -> None:
    await caller.at_once(5, lambda: caller.send(CHUNKED + b"1\r\n \r\n" * 150_000 + b"0\r\n\r\n"))


async def chunk_extensions(caller: Caller) -> None:
    await caller.at_once(20, lambda: caller.send(CHUNKED, *[b"1;" + b"a" * 16_000 + b"\r\n \r\n"] * 200))


async def expected_bodies(caller: Caller) -> None:
    begun = request("POST", WEBHOOK, "Content-Length: 1000", "Expect: 100-continue")
    await caller.at_once(190, lambda: caller.send(begun, pause=caller.seconds))


async def unknown_fields(caller: Caller) -> None:
    body = json.dumps({f"k{number}": 1 for number in range(70_000)}).replace(" ", "").encode()
    await caller.at_once(5, lambda: caller.send(request("POST", REGISTER, body=body)))


async def deep_body(caller: Caller) -> None:
    await caller.at_once(5, lambda: caller.send(request("POST", REGISTER, body=b"[" * 1_000_000)))


async def large_body(caller: Caller) -> None:
    begun = request("POST", REGISTER, "Transfer-Encoding: chunked", "Content-Type: application/json")
    await caller.at_once(20, lambda: caller.send(begun, *[b"4000\r\n" + b" " * 0x4000 + b"\r\n"] * 200))


async def held_bodies(caller: Caller) -> None:
    begun = request("POST", WEBHOOK, "Content-Length: 1000001", "Content-Type: application/json") + b" " * 1_000_000
    await caller.at_once(190, lambda: caller.send(begun, pause=caller.seconds))


async def sign_ins(caller: Caller) -> None:
    body = json.dumps({"email": "nobody@example.com", "password": "x" * 20}).encode()
    await caller.at_once(50, lambda: caller.send(request("POST", "/api/v1/auth/login/", body=body)))


def _handshake(*more: str) -> bytes:
    fields = ["Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="]
    asked = request("GET", "/ws/notifications/?token=x", *fields, *more)
    return asked.replace(b"Connection: close", b"Connection: Upgrade")


async def sockets(caller: Caller) -> None:
    await caller.at_once(50, lambda: caller.send(_handshake()))


async def handshakes_with_bodies(caller: Caller) -> None:
    await caller.at_once(50, lambda: caller.send(_handshake("Content-Length: 1") + b"x"))


async def documents(caller: Caller) -> None:
    await caller.at_once(20, lambda: caller.send(request("GET", "/openapi.json")))


async def health(caller: Caller) -> None:
    await caller.at_once(50, lambda: caller.send(request("GET", "/health")))


async def unknown_paths(caller: Caller) -> None:
    await caller.at_once(50, lambda: caller.send(request("GET", "/wp-login.php")))


ATTACKS: dict[str, Attack] = {
    attack.__name__: attack
    for attack in (
        *(nested_token, long_token, unknown_keys, long_field, many_fields, long_path, path_with_signs),
        *(slow_heads, slow_bodies, many_connections, silent, pipelined, endless_trailers),
        *(
            resets,
            tiny_chunks,
            chunk_extensions,
            expected_bodies,
            unknown_fields,
            deep_body,
            large_body,
            held_bodies,
            sign_ins,
            sockets,
            handshakes_with_bodies,
        ),
        *(documents, health, unknown_paths),
    )
}
HOLDING = {"slow_heads", "slow_bodies", "expected_bodies", "held_bodies", "many_connections", "silent"}
"""They hold connections, which are not counted for loopback. The others come from a loopback address of their own each:
their rates are counted, and none finds that another has used them up."""


if __name__ == "__main__":
    name, host, port, seconds = sys.argv[1:]
    source = None if name in HOLDING else f"127.0.0.{10 + list(ATTACKS).index(name)}"
    caller = Caller(host if name in HOLDING else "127.0.0.1", int(port), float(seconds), source)
    asyncio.run(caller.run(ATTACKS[name]))
    print(json.dumps(+caller.heard))
