"""Who takes part: people, practitioners, staff, and what they do every day."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import TracebackType
from typing import Any, Self

import aiohttp

from tests.journey.world import STAFF, Answer, Json, World, eventually, stamp, usd

PASSWORD = "seven quiet rivers 41"
OFFER_BASICS: dict[str, Json] = {
    "service_type": "session",
    "title": "Quiet hour",
    "description": "One hour of quiet.",
    "category": "wellness",
    "duration_minutes": 60,
    "delivery": "online",
}
ALWAYS = [{"day_of_week": day, "start_time": "00:00", "end_time": "23:00"} for day in range(7)]


@dataclass
class Person:
    """Somebody signed in."""

    world: World
    email: str
    user: Json
    token: str
    refresh_token: str

    @property
    def id(self) -> str:
        return str(self.user["id"])

    async def get(self, path: str, **options: Any) -> Answer:
        return await self.world.call("GET", path, token=self.token, **options)

    async def post(self, path: str, body: Json = None, *, key: str | None = None, **options: Any) -> Answer:
        headers = {**options.pop("headers", {}), **({"Idempotency-Key": key} if key else {})}
        return await self.world.call(
            "POST", path, {} if body is None else body, token=self.token, headers=headers, **options
        )

    async def sign_in_again(self) -> None:
        """A new token pair, with the roles of now."""
        answer = await self.world.call("POST", "/auth/token/refresh/", {"refresh_token": self.refresh_token})
        self.token, self.refresh_token = answer["access_token"], answer["refresh_token"]
        self.user = (await self.get("/auth/user/")).body

    async def gets_role(self, role: str) -> None:
        """Sees `role` on the account, within two seconds of the decision, and takes a token with it."""

        async def look() -> None:
            roles = (await self.get("/auth/user/"))["roles"]
            assert role in roles, roles

        await eventually(look)
        await self.sign_in_again()

    async def book(self, service: Json, start: str | None = None, expect: int = 201, **more: Json) -> Answer:
        body = {"service_id": service["id"], "start_time": start, **more}
        return await self.post("/bookings/", body, expect=expect)

    async def confirm(self, order_id: str, method: str = "pm_card_visa", expect: int = 200) -> Answer:
        body = {"order_id": order_id, "payment_method": method}
        return await self.post("/payments/confirm/", body, expect=expect)

    async def pay(self, booking: Answer | Json) -> None:
        """Pays with a good card and sees the booking confirmed."""
        paid = await self.confirm(booking["payment"]["order_id"])
        assert paid["status"] == "succeeded", paid.body
        await self.sees(booking["id"], "confirmed")

    async def buys(self, service: Json, start: str | None = None, **more: Json) -> Json:
        """Books and pays; the booking as it was at the 201."""
        booking = await self.book(service, start, **more)
        await self.pay(booking)
        return booking.body

    async def sees(self, booking_id: str, status: str, within: float = 2.0) -> Json:
        """The booking, once it has `status`."""

        async def look() -> Json:
            booking = (await self.get(f"/bookings/{booking_id}/")).body
            assert booking["status"] == status, f"the booking is {booking['status']}, not {status}"
            return booking

        return await eventually(look, within)

    async def top_up(self, amount: int) -> None:
        """Buys credits and sees them on the balance."""
        before = (await self.balance())["balance"]["amount"]
        order = await self.post("/credits/purchase/", {"amount": usd(amount)}, expect=201)
        assert order["amount_due"] == usd(amount)
        assert (await self.confirm(order["order_id"]))["status"] == "succeeded"
        await eventually(lambda: self.has_credits(before + amount))

    async def balance(self) -> Json:
        return (await self.get("/credits/balance/", expect=200)).body

    async def has_credits(self, amount: int, held: int = 0) -> None:
        found = await self.balance()
        assert found == {"balance": usd(amount), "held": usd(held)}, found

    async def notices(self, booking_id: str) -> list[Json]:
        """The notices about one booking, newest first."""
        page = await self.get("/notifications/?limit=100", expect=200)
        assert "unread_count" in page.body, page.body
        return [notice for notice in page["results"] if (notice["data"] or {}).get("booking_id") == booking_id]

    async def order(self, order_id: str) -> Json:
        return (await self.get(f"/payments/orders/{order_id}/", expect=200)).body

    def live(self, path: str, **options: Any) -> "Live":
        return Live(self, path, **options)


@dataclass
class Practitioner(Person):
    """Somebody who offers time."""

    practitioner_id: str

    async def hours(self, weekly: Json = ALWAYS, timezone: str = "UTC", **more: Json) -> None:
        body = {"timezone": timezone, "weekly": weekly, **more}
        await self.post(f"/practitioners/{self.practitioner_id}/schedule/", body, expect=200)

    async def offers(self, price: int = 12500, minutes: int = 60, **more: Json) -> Json:
        """A new online session."""
        title = self.world.unique("Quiet hour")
        body = {**OFFER_BASICS, "title": title, "price": usd(price), "duration_minutes": minutes, **more}
        return (await self.post("/services/", body, expect=201)).body

    async def slots(self, service: Json, day: date, days: int = 1) -> list[Json]:
        """What anybody can book from `day` on (dates in the practitioner's zone)."""
        query = f"service_id={service['id']}&from={day}&to={day + timedelta(days=days)}"
        page = await self.world.call("GET", f"/practitioners/{self.practitioner_id}/availability/?{query}", expect=200)
        return list(page["results"])

    async def starts(self, service: Json, day: date) -> list[str]:
        return [slot["start_time"] for slot in await self.slots(service, day)]

    async def summary(self) -> dict[str, int]:
        """Earnings by state, in cents."""
        answer = await self.get("/practitioner/earnings/summary/", expect=200)
        assert all(money["currency"] == "USD" for money in answer.body.values()), answer.body
        return {state: money["amount"] for state, money in answer.body.items()}

    async def earns(self, within: float = 2.0, **expected: int) -> None:
        """Sees the named states of the summary at these amounts."""

        async def look() -> None:
            summary = await self.summary()
            assert {state: summary[state] for state in expected} == expected, summary

        await eventually(look, within)

    async def earning_of(self, booking_id: str) -> Json:
        page = await self.get("/practitioner/earnings/?limit=100", expect=200)
        found = [entry for entry in page["results"] if entry["booking_id"] == booking_id]
        assert len(found) == 1, f"{len(found)} earnings of one booking: {found}"
        return found[0]

    async def onboards(self) -> str:
        """A payout account that Stripe has accepted; its id."""
        account = await self.post("/practitioner/payouts/account/", expect=200)
        await self.world.visit(account["onboarding_url"])

        async def look() -> None:
            now = await self.get("/practitioner/payouts/account/", expect=200)
            assert now["payouts_enabled"] is True, now.body

        await eventually(look)
        return str(account["stripe_account_id"])


class Live:
    """An open WebSocket that collects what arrives: `async with person.live("/ws/notifications/") as live:`"""

    def __init__(self, person: Person, path: str, *, by_protocol: bool = False, after: str | None = None) -> None:
        query = {} if by_protocol else {"token": person.token}
        self.query = {**query, **({"after": after} if after else {})}
        self.protocols = (f"bearer.{person.token}",) if by_protocol else ()
        self.world, self.path = person.world, path
        self.messages: list[Json] = []

    async def __aenter__(self) -> Self:
        url = self.world.base.replace("http", "ws", 1) + self.path
        self.socket = await self.world.http.ws_connect(url, params=self.query, protocols=self.protocols)
        self.reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ):
        await self.socket.close()
        await self.reader

    async def _read(self) -> None:
        async for frame in self.socket:
            if frame.type is aiohttp.WSMsgType.TEXT:
                self.messages.append(json.loads(frame.data))

    async def hears(self, kind: str, within: float = 3.0, **data: Json) -> Json:
        """The one message of this type whose data has these members."""

        async def look() -> Json:
            found = [m for m in self.messages if m["type"] == kind and data.items() <= (m["data"] or {}).items()]
            assert found, f"no {kind} {data} among {[(m['type'], m['data'].get('id')) for m in self.messages]}"
            assert set(found[0]) == {"id", "type", "data", "created_at"}, found[0]
            assert len(found) == 1, f"{kind} came {len(found)} times"
            return found[0]

        return await eventually(look, within)


async def join(world: World, name: str = "Ada") -> Person:
    """Somebody new."""
    email = f"{world.unique(name.lower())}@example.org"
    body = {"email": email, "password": PASSWORD, "first_name": name, "last_name": "Rivers", "timezone": "UTC"}
    answer = await world.call("POST", "/auth/register/", body, expect=201)
    return Person(world, email, answer["user"], answer["access_token"], answer["refresh_token"])


async def staff(world: World, credentials: tuple[str, str] = STAFF) -> Person:
    email, password = credentials
    answer = await world.call("POST", "/auth/login/", {"email": email, "password": password}, expect=200)
    return Person(world, email, answer["user"], answer["access_token"], answer["refresh_token"])


async def practise(world: World, timezone: str = "UTC", weekly: Json = ALWAYS) -> Practitioner:
    """A new approved practitioner with open hours."""
    person = await join(world, "Noor")
    body = {
        "display_name": world.unique("Noor Rivers"),
        "bio": "Quiet hours for busy people.",
        "specializations": ["breathing"],
        "timezone": timezone,
    }
    applied = await person.post("/practitioners/apply/", body, expect=201)
    office = await staff(world)
    await office.post(f"/admin/practitioners/{applied['id']}/verification/", {"decision": "approve"}, expect=200)
    await person.gets_role("practitioner")
    found = Practitioner(world, person.email, person.user, person.token, person.refresh_token, applied["id"])
    await found.hours(weekly, timezone)
    return found


@dataclass
class Scene:
    """The usual beginning: a practitioner, one service, a client, and free starts on a day ahead."""

    practitioner: Practitioner
    service: Json
    client: Person
    starts: list[str] = field(default_factory=list)


async def set_scene(world: World, ahead: int = 3, credits: int = 0, **service: Json) -> Scene:
    """`ahead` is the day of the starts; `credits` in cents are bought by the client first."""
    practitioner, client = await asyncio.gather(practise(world), join(world))
    offered = await practitioner.offers(**service)
    if credits:
        await client.top_up(credits)
    return Scene(practitioner, offered, client, await practitioner.starts(offered, await world.day(ahead)))


async def finish(world: World, scene: Scene, booking: Json) -> None:
    """Lets the session pass, completes it, and lets the hold period of its earning pass."""
    await world.advance_to(datetime.fromisoformat(booking["end_time"]))
    await scene.practitioner.post(f"/bookings/{booking['id']}/complete/", expect=200)
    await scene.client.sees(booking["id"], "completed")
    await world.advance(timedelta(hours=24, seconds=5))


def off_grid(start: str) -> str:
    return stamp(datetime.fromisoformat(start) + timedelta(minutes=7))
