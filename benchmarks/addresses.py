"""Known and unknown addresses at sign-in, reset and change: bodies are equal, and so is the time, taken in turns."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from uuid import uuid4

import aiohttp

from benchmarks.instance import instance
from benchmarks.people import Person, register

CALLS = 200
Call = Callable[[str], Awaitable[tuple[int, str]]]


def unknown() -> str:
    """An address that no account has."""
    return f"{uuid4().hex}@bench.example"


async def answer(http: aiohttp.ClientSession, url: str, body: dict[str, str], token: str = "") -> tuple[int, str]:
    """Status and body without what names the request."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with http.post(url, json=body, headers=headers) as got:
        data = await got.json()
        return got.status, str({name: value for name, value in data.items() if name != "trace_id"})


async def compare(name: str, call: Call, known: list[str]) -> None:
    """Prints the medians of both kinds of address, and stops where a body differs."""
    times: dict[str, list[float]] = {"known": [], "unknown": []}
    seen: set[tuple[int, str]] = set()
    for number, address in enumerate(known):
        pair = [("known", address), ("unknown", unknown())]
        for kind, given in pair if number % 2 else reversed(pair):
            began = time.perf_counter()
            seen.add(await call(given))
            times[kind].append((time.perf_counter() - began) * 1000)
    assert len(seen) == 1, f"{name}: the answers differ: {seen}"
    a, b = statistics.median(times["known"]), statistics.median(times["unknown"])
    print(f"{name}: known {a:.2f} ms, unknown {b:.2f} ms, ratio {a / b:.3f} ({len(known)} calls each)", flush=True)


async def main() -> None:
    """200 calls of each kind in turns, at passwords of the shipped cost."""
    shipped = instance(IDENTITY_ARGON2_TIME_COST="2", IDENTITY_ARGON2_MEMORY_KIB="19456")
    async with shipped as at, aiohttp.ClientSession() as http:
        people: list[Person] = [await register(http, at.url) for _ in range(CALLS)]
        known = [person.user["email"] for person in people]
        api = f"{at.url}/api/v1/auth"
        await compare("sign-in", lambda a: answer(http, f"{api}/login/", {"email": a, "password": "wrong"}), known)
        await compare("reset", lambda a: answer(http, f"{api}/password/reset/", {"email": a}), known)
        token = (await register(http, at.url)).token  # a change wants a sign-in of just now
        await compare("change", lambda a: answer(http, f"{api}/email/change/", {"email": a}, token), known)


if __name__ == "__main__":
    asyncio.run(main())
