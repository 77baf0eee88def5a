"""What became of every checkout, and whether each promise was kept."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.journey.people import Person
from tests.journey.world import Json
from tests.storm.customers import Customers, Notebook, Promise

PAGE, CONCURRENCY = 100, 6
OUTCOMES = {"confirmed", "expired", "refunded"}


@dataclass
class Verdict:
    """How the checkouts ended, by id of their booking, and what is wrong with it."""

    outcomes: dict[str, str] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    @property
    def counts(self) -> Counter[str]:
        """How many ended in which way."""
        return Counter(self.outcomes.values())


class Judge:
    """Asks the product through its interface, as the customers themselves would."""

    def __init__(self, customers: Customers) -> None:
        """`customers` have left."""
        self.customers, self.notes = customers, customers.notes
        self._refunded: set[str] = set()

    async def final(self, deadline: float) -> Verdict:
        """The verdict once nothing is open or wrong any more, or the one of the deadline (monotonic time)."""
        while True:
            verdict = await self.judge()
            if not verdict.broken or time.monotonic() > deadline:
                return verdict
            await asyncio.sleep(1)

    async def judge(self) -> Verdict:
        """Every booking of every customer as it is now, beside its order."""
        verdict = Verdict()
        for person in self.customers.people:
            bookings = [booking async for booking in self._all(person, "/bookings/?")]
            orders = {order["id"]: order async for order in self._all(person, "/payments/history/?")}
            for booking in bookings:
                verdict.outcomes[booking["id"]] = await self._outcome(person, booking, orders.get(booking["order_id"]))
        verdict.broken = sorted(wrong(self.notes, verdict.outcomes))
        return verdict

    async def _outcome(self, person: Person, booking: Json, order: Json) -> str:
        """`confirmed`, `expired` (nothing was taken), `refunded` (all went back), or what else it is."""
        status, money = booking["status"], order["status"] if order else "no order"
        if status == "confirmed" and money == "paid":
            return "confirmed"
        if status in {"expired", "cancelled"} and money in {"cancelled", "no order"}:
            return "expired"
        if status in {"expired", "cancelled"} and money in {"paid", "paid_late"}:
            return "refunded" if await self._all_went_back(person, order) else f"{status} and not refunded"
        return f"{status} with its order {money}"

    async def _all_went_back(self, person: Person, order: Json) -> bool:
        if order["id"] not in self._refunded:
            found = await self._get(person, f"/payments/orders/{order['id']}/")
            back = sum(refund["card"]["amount"] for refund in found["refunds"])
            if back == order["amount_due"]["amount"]:
                self._refunded.add(order["id"])
        return order["id"] in self._refunded

    async def _all(self, person: Person, path: str) -> AsyncIterator[Json]:
        offset, more = 0, True
        while more:
            page = await self._get(person, f"{path}limit={PAGE}&offset={offset}&ordering=created_at")
            for row in page["results"]:
                yield row
            offset, more = offset + PAGE, page["has_more"]

    async def _get(self, person: Person, path: str) -> Json:
        answer = await self.customers.answer(person, "GET", path)
        assert answer is not None, f"GET {path} has no answer"
        assert answer.status == 200, f"GET {path} -> {answer.status} {answer.body}"
        return answer.body

    async def repeated(self) -> list[str]:
        """Asks everything again that was promised: whatever is not answered word for word as before."""
        return [wrong async for wrong in _some_at_once(self._repeat, self.notes.promises) if wrong]

    async def _repeat(self, promise: Promise) -> str:
        again = await self.customers.answer(promise.person, "POST", promise.path, promise.body, promise.key)
        if again is not None and (again.status, again.body) == (promise.answer.status, promise.answer.body):
            return ""
        said = f"{again.status} {again.body}" if again else "nothing"
        first = f"{promise.answer.status} {promise.answer.body}"
        return f"POST {promise.path} {promise.body} said {first}, again {said} (trace {promise.trace})"


def wrong(notes: Notebook, outcomes: dict[str, str]) -> Iterable[str]:
    """Each checkout that is in no final state or in another one than was promised."""
    for booking, outcome in outcomes.items():
        trace = notes.booked[booking].trace if booking in notes.booked else "of no answer"
        if outcome not in OUTCOMES:
            yield f"booking {booking} is {outcome} (trace {trace})"
        if booking not in notes.booked and outcome != "expired":
            yield f"booking {booking} is {outcome} and was promised to nobody"
    for booking, promise in notes.booked.items():
        if booking not in outcomes:
            yield f"booking {booking} was promised and is not there (trace {promise.trace})"
    for booking, promise in notes.paid.items():
        kept = {"confirmed"} if booking not in notes.cancelling else {"confirmed", "refunded"}
        if outcomes.get(booking) not in ({"refunded"} if booking in notes.cancelled else kept):
            yield f"booking {booking} was paid and is {outcomes.get(booking, 'gone')} (trace {promise.trace})"


async def _some_at_once(work: Callable[[Any], Awaitable[str]], items: Iterable[Any]) -> AsyncIterator[str]:
    turns = asyncio.Semaphore(CONCURRENCY)

    async def one(item: Any) -> str:
        async with turns:
            return await work(item)

    for done in asyncio.as_completed([one(item) for item in items]):
        yield await done
