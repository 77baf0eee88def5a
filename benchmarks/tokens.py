"""What a check of an access token costs: of one that was seen before, and of a new one beside the library's bare call.

Counted is the CPU time of this process, and both kinds take turns, so that what else the machine does matters little.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from benchmarks.parts import run
from shared.auth.token_signing import new_key, sign_access_token
from shared.auth.verification import Verifier
from shared.records.clock import machine_now
from shared.records.ids import new_id

WARM_CALLS, ROUNDS, PER_ROUND = 200_000, 40, 100
Check = Callable[[str], Awaitable[Any]]


def made(key: ECKey) -> str:
    """A token of somebody new."""
    life = timedelta(hours=1)
    person = {"user_id": new_id(), "roles": ("user",), "practitioner_id": None, "session_id": new_id()}
    return sign_access_token(key, now=machine_now(), lifetime=life, **person)  # type: ignore[arg-type]  # of one dict


async def cost(check: Check, tokens: list[str]) -> float:
    """Microseconds of CPU for each."""
    began = time.process_time_ns()
    for token in tokens:
        await check(token)
    return (time.process_time_ns() - began) / 1000 / len(tokens)


async def main() -> None:
    """Prints microseconds and the ratio."""
    key = new_key()
    public: dict[str, Any] = {"keys": [key.as_dict(private=False)]}
    known = KeySet([key])

    async def keys() -> dict[str, Any]:
        return public

    async def bare(token: str) -> Any:
        return jwt.decode(token, known, algorithms=["ES256"])

    verifier = Verifier(keys)
    seen = made(key)
    await verifier.user(seen)
    warm = min([await cost(verifier.user, [seen] * (WARM_CALLS // 10)) for _ in range(10)])
    ours, theirs = await in_turns(verifier.user, bare, key)
    cold, library = statistics.median(ours), statistics.median(theirs)
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    print(f"warm  {warm:.2f} us (goal 2)")
    print(f"cold  {cold:.0f} us, the library's own {library:.0f} us, ratio {ratio:.3f} (goal 1.1)")


async def in_turns(ours: Check, theirs: Check, key: ECKey) -> tuple[list[float], list[float]]:
    """Microseconds of each round; which of them is first changes each time."""
    found: tuple[list[float], list[float]] = ([], [])
    for number in range(ROUNDS):
        for side in (0, 1) if number % 2 else (1, 0):
            tokens = [made(key) for _ in range(PER_ROUND)]
            found[side].append(await cost((ours, theirs)[side], tokens))
            await asyncio.sleep(0)
    return found


if __name__ == "__main__":
    run(main)
