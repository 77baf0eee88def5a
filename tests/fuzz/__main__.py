"""`python -m tests.fuzz URL [seconds]`: as nobody, client, practitioner and staff; a 5xx is a failure."""

import asyncio
import subprocess
import sys
from pathlib import Path

import aiohttp

from tests.journey.people import join, practise
from tests.journey.world import World

SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"
# The clock is everybody's, and a session that ended itself would test nothing afterwards.
LEFT_OUT = "/sandbox/|/auth/logout"


async def tokens_of(base: str) -> dict[str, str | None]:
    """A token for each kind of caller."""
    async with aiohttp.ClientSession() as http:
        world = World(base, http)
        client, practitioner = await asyncio.gather(join(world), practise(world))
        staff = await world.staff_token()
    return {"nobody": None, "client": client.token, "practitioner": practitioner.token, "staff": staff}


def fuzz(base: str, token: str | None, seconds: int) -> bool:
    """Whether no request of this caller met a server error within its time."""
    command = [str(SCHEMATHESIS), "run", f"{base}/openapi.json", "--url", base, "--max-time", str(seconds)]
    command += ["--checks", "not_a_server_error", "--continue-on-failure", "--suppress-health-check", "all"]
    command += ["--exclude-path-regex", LEFT_OUT, "--warnings", "off"]
    command += ["--header", f"Authorization:Bearer {token}"] if token else []
    return subprocess.run(command, check=False).returncode == 0


def main(base: str, seconds: int) -> int:
    outcomes = {}
    for name, token in asyncio.run(tokens_of(base)).items():
        print(f"==> as {name}", flush=True)
        outcomes[name] = fuzz(base, token, seconds)
    print(", ".join(f"{name}: {'no server error' if good else 'SERVER ERRORS'}" for name, good in outcomes.items()))
    return 0 if all(outcomes.values()) else 1


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python -m tests.fuzz URL [seconds]")
    sys.exit(main(sys.argv[1].rstrip("/"), int(sys.argv[2]) if len(sys.argv) > 2 else 60))
