"""`python -m tests.edge.overload`: four times as many anonymous lists as can be answered, beside all other classes."""

import asyncio
import json
import urllib.request
from pathlib import Path

from tests.edge.load import Heard, Kind, Pool, capacity, run
from tests.instance import Instance, standing

CALLERS, SECONDS = 32, 12.0
TIMES = 4
LISTS, READS, WRITES, PAYMENTS, WEBHOOKS = "anonymous lists", "reads", "writes", "payments", "webhooks"
OTHERS = 10.0
"""Of each other class in a second."""


class Demo(Instance):
    """With its demo accounts."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.env["ESTUARY_DEMO"] = "1"


def overload(instance: Instance, seconds: float = SECONDS) -> tuple[float, dict[str, Heard]]:
    """The lists that it answers in a second, and what each class heard at four times as many."""
    return asyncio.run(_overload(instance.port, _token(instance), seconds))


async def _overload(port: int, token: str, seconds: float) -> tuple[float, dict[str, Heard]]:
    pool = Pool("127.0.0.1", port)
    lists = _request("GET", "/api/v1/services/")
    most = await capacity(pool, lists, CALLERS, 3.0)
    kinds = [
        Kind(LISTS, lists, TIMES * most),
        Kind(READS, _request("GET", "/api/v1/bookings/", token), OTHERS),
        Kind(WRITES, _request("POST", "/api/v1/notifications/read-all/", token), OTHERS),
        Kind(PAYMENTS, _request("GET", "/api/v1/payments/history/", token), OTHERS),
        Kind(WEBHOOKS, _request("POST", "/api/v1/webhooks/stripe/", body=b"{}"), OTHERS),
    ]
    heard = await run(pool, kinds, seconds)
    pool.close()
    return most, heard


def _request(method: str, path: str, token: str = "", body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: here"]
    lines += [f"Authorization: Bearer {token}"] if token else []
    lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"] if method == "POST" else []
    return "\r\n".join([*lines, "", ""]).encode() + body


def _token(instance: Instance) -> str:
    given = json.dumps({"email": "client@estuary.example", "password": "estuary-demo"}).encode()
    headers = {"Content-Type": "application/json"}
    asked = urllib.request.Request(f"{instance.url}/api/v1/auth/login/", given, headers)
    with urllib.request.urlopen(asked, timeout=60) as answer:
        return str(json.load(answer)["access_token"])


def main() -> None:
    """Runs it and prints."""
    with standing(Demo) as instance:
        most, heard = overload(instance)
    print(f"{most:.0f} anonymous lists a second are answered; at {TIMES} times as many for {SECONDS:.0f} s:\n")
    print("| class | refused with 503 | Retry-After | p50, p99 of the others, ms | answers |\n|---|---|---|---|---|")
    for name, each in heard.items():
        waits = f"{each.percentile(50) * 1000:.0f}, {each.percentile(99) * 1000:.0f}"
        answers = ", ".join(f"{number} x {status or 'none'}" for status, number in sorted(each.statuses.items()))
        print(f"| {name} | {each.shed:.0%} | {', '.join(sorted(each.retry_after))} | {waits} | {answers} |")


if __name__ == "__main__":
    main()
