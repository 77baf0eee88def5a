"""`python -m tests.fuzz URL [options of schemathesis run]`: generated requests to every operation of an instance, as
nobody, as a client, and as somebody who is everything at once. A finding is a failure.

The instance is not worth much afterwards: its clock, its Stripe and its demo accounts are called too.
"""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import aiohttp

from services.identity.accounts.domain import DEMO_ACCOUNTS
from tests.journey.people import PASSWORD, Person, join, practise
from tests.journey.world import World

SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"
CONFIG = Path(__file__).with_name("schemathesis.toml")
SANDBOX = "^/api/v1/sandbox/"
"""Comes last: its clock is everybody's, and its faults are those of all later calls."""
ROLES = ["partner", "society_partner", "support", "marketing", "staff", "superuser"]
DEMO_PASSWORD = "estuary-demo"


async def callers(base: str) -> dict[str, Person | None]:
    """Each kind of caller."""
    async with aiohttp.ClientSession() as http:
        world = World(base, http)
        client, everything = await asyncio.gather(join(world), practise(world))
        await everything.offers()
        superuser = {"email": DEMO_ACCOUNTS[1], "password": DEMO_PASSWORD}
        token = (await world.call("POST", "/auth/login/", superuser, expect=200))["access_token"]
        path, confirmed = f"/admin/users/{everything.id}/roles/", {"X-Confirm-Action": "true"}
        body = {"roles": ROLES, "reason": "Generated requests to every operation."}
        await world.call("PUT", path, body, token=token, headers=confirmed)
    return {"everything": everything, "client": client, "nobody": None}


def fuzz(base: str, caller: Person | None, *options: str) -> bool:
    """Whether nothing was found as this caller."""
    command = [str(SCHEMATHESIS), "--config-file", str(CONFIG), "run", f"{base}/openapi.json", *options]
    given = {"FUZZ_URL": base} | ({"FUZZ_EMAIL": caller.email, "FUZZ_PASSWORD": PASSWORD} if caller else {})
    return subprocess.run(command, env={**os.environ, **given}, check=False).returncode == 0


def main(base: str, options: list[str]) -> int:
    """The exit code."""
    outcomes = {}
    found = asyncio.run(callers(base))
    for name, caller in found.items():
        print(f"==> as {name}", flush=True)
        outcomes[name] = fuzz(base, caller, "--exclude-path-regex", SANDBOX, *options)
    print("==> the sandbox", flush=True)
    outcomes["sandbox"] = fuzz(base, found["everything"], "--include-path-regex", SANDBOX, *options)
    print(", ".join(f"{name}: {'nothing' if good else 'FINDINGS'}" for name, good in outcomes.items()))
    return 0 if all(outcomes.values()) else 1


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python -m tests.fuzz URL [options of `schemathesis run`]")
    sys.exit(main(sys.argv[1].rstrip("/"), sys.argv[2:]))
