"""What the demo calls an instance with: three signed-in people, the clock, Stripe's side, and how a step is printed."""

import time
from typing import Any

import aiohttp

from estuary.seed import CLIENT, STAFF

STRIPE_HEADERS = {"Authorization": "Bearer sk_test_estuary"}


class DemoFailed(Exception):
    """A step was not answered as it should be."""


class DemoClient:
    """Calls one instance in the name of several people."""

    def __init__(self, url: str) -> None:
        """At that address."""
        self.url, self.tokens = url, dict[str, str]()
        self.http: aiohttp.ClientSession | None = None
        self.step_number = 0

    async def _confirm(self, order_id: str, card: str = "pm_card_visa") -> Any:
        return await self._call("POST", "/payments/confirm/", CLIENT, {"order_id": order_id, "payment_method": card})

    async def _is(self, booking: Any, status: str) -> bool:
        return bool((await self._call("GET", f"/bookings/{booking['id']}/", CLIENT))["status"] == status)

    async def _now(self) -> str:
        return str((await self._advance("PT0S"))["now"])

    async def _advance(self, step: str) -> Any:
        return await self._call("POST", "/sandbox/clock/", STAFF, {"advance": step})

    async def _stripe(self, path: str) -> Any:
        assert self.http is not None
        async with self.http.get(f"{self.url}/sandbox/stripe{path}", headers=STRIPE_HEADERS) as answer:
            return await answer.json()

    async def _call(
        self, method: str, path: str, who: str | None, body: Any = None, headers: dict[str, str] | None = None
    ) -> Any:
        assert self.http is not None
        own = {"Authorization": f"Bearer {self.tokens[who]}"} if who else {}
        url = f"{self.url}/api/v1{path}"
        async with self.http.request(method, url, json=body, headers={**own, **(headers or {})}) as answer:
            data = None if answer.status == 204 else await answer.json()
            if answer.status >= 300:
                raise DemoFailed(f"{method} {path}: {answer.status} {data}")
            return data

    def _step(self, title: str) -> "Step":
        self.step_number += 1
        return Step(f"{self.step_number:>2}. {title}")

    def _say(self, line: str, end: str = "\n") -> None:
        print(f"    {line}", end=end, flush=True)


class Step:
    """A heading, and at its end how long the step took."""

    def __init__(self, title: str) -> None:
        """Printed when the step begins."""
        self.title, self.began = title, 0.0

    def __enter__(self) -> None:
        print(f"\n{self.title}", flush=True)
        self.began = time.perf_counter()

    def __exit__(self, kind: object, *_: object) -> None:
        seconds = time.perf_counter() - self.began
        if kind is None:
            print(f"    ({seconds * 1000:.0f} ms)", flush=True)


def usd(amount: int) -> dict[str, Any]:
    """That many cents."""
    return {"amount": amount, "currency": "USD"}


def money(value: Any) -> str:
    """The amount as a person writes it; the demo's currencies have two decimals."""
    return f"{value['amount'] / 100:,.2f} {value['currency']}"
