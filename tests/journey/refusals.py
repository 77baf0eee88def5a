"""What must be refused, and how: wrong types, unknown fields, bad money, bad times, other people's things."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import NamedTuple

import aiohttp

from tests.journey.people import OFFER_BASICS, PASSWORD, Person, Scene, join, off_grid, set_scene
from tests.journey.world import API, Json, World, instant, stamp, usd

MEBIBYTE = 1024 * 1024
NIL_UUID = "0190b7a0-0000-7000-8000-000000000000"


class Bad(NamedTuple):
    """A body with one fault: the field that is blamed, and the code where the interface names one."""

    change: dict[str, Json]
    field: str
    code: str | None = None


MONEY = [
    Bad({"amount": "100", "currency": "USD"}, "amount"),
    Bad({"amount": 1.5, "currency": "USD"}, "amount"),
    Bad({"amount": True, "currency": "USD"}, "amount"),
    Bad({"amount": None, "currency": "USD"}, "amount"),
    Bad({"amount": -1, "currency": "USD"}, "amount"),
    Bad({"amount": 100_000_000, "currency": "USD"}, "amount"),
    Bad({"amount": 10**30, "currency": "USD"}, "amount"),
    Bad({"amount": 100, "currency": "EUR"}, "currency", "unsupported_currency"),
    Bad({"amount": 100, "currency": "usd"}, "currency"),
    Bad({"amount": 100, "currency": 7}, "currency"),
    Bad({"amount": 100}, "currency"),
    Bad({"currency": "USD"}, "amount"),
    Bad({"amount": 100, "currency": "USD", "tip": 1}, "tip", "extra_forbidden"),
]

REGISTER = {"email": "a@example.org", "password": PASSWORD, "first_name": "A", "last_name": "B"}
BAD_REGISTER = [
    Bad({"email": 123}, "email"),
    Bad({"email": "nobody"}, "email"),
    Bad({"email": None}, "email"),
    Bad({"password": ""}, "password"),
    Bad({"password": ["a"]}, "password"),
    Bad({"first_name": "A\x00B"}, "first_name"),
    Bad({"first_name": "A" * 10_000}, "first_name"),
    Bad({"timezone": "Mars/Olympus"}, "timezone"),
    Bad({"timezone": "../../etc/passwd"}, "timezone"),
    Bad({"roles": ["staff"]}, "roles", "extra_forbidden"),
    Bad({"is_verified": True}, "is_verified", "extra_forbidden"),
]

OFFER = {**OFFER_BASICS, "price": usd(100)}
BAD_OFFER = [
    Bad({"service_type": "banquet"}, "service_type"),
    Bad({"service_type": "course", "series_max": 2}, "series_max", "not_for_type"),
    Bad({"limits": {"sessions_per_day": -1}}, "limits.sessions_per_day"),
    Bad({"title": ""}, "title"),
    Bad({"title": 5}, "title"),
    Bad({"category": "no-such-thing"}, "category"),
    Bad({"duration_minutes": 0}, "duration_minutes"),
    Bad({"duration_minutes": -60}, "duration_minutes"),
    Bad({"duration_minutes": 10**12}, "duration_minutes"),
    Bad({"duration_minutes": "an hour"}, "duration_minutes"),
    Bad({"max_participants": 0}, "max_participants"),
    Bad({"min_notice_minutes": -1}, "min_notice_minutes"),
    Bad({"buffer_before_minutes": -1}, "buffer_before_minutes"),
    Bad({"slot_interval_minutes": 0}, "slot_interval_minutes"),
    Bad({"horizon_days": -1}, "horizon_days"),
    Bad({"delivery": "by owl"}, "delivery"),
    Bad({"practitioner_id": NIL_UUID}, "practitioner_id", "extra_forbidden"),
    Bad({"price": 100}, "price"),
    *(Bad({"price": bad.change}, f"price.{bad.field}", bad.code) for bad in MONEY),
]

HOURS = {"timezone": "UTC", "weekly": [{"day_of_week": 0, "start_time": "09:00", "end_time": "17:00"}]}
BAD_HOURS = [
    Bad({"timezone": "Mars/Olympus"}, "timezone"),
    Bad({"weekly": [{"day_of_week": 7, "start_time": "09:00", "end_time": "17:00"}]}, "weekly.0.day_of_week"),
    Bad({"weekly": [{"day_of_week": 0, "start_time": "25:00", "end_time": "26:00"}]}, "weekly.0.start_time"),
    Bad({"weekly": [{"day_of_week": 0, "start_time": "24:00", "end_time": "09:00"}]}, "weekly.0.start_time"),
    Bad({"weekly": "always"}, "weekly"),
    Bad({"overrides": [{"date": "2026-02-30", "windows": []}]}, "overrides.0.date"),
]


async def bad_bodies(world: World) -> None:
    """Each fault is a 422 that blames its field by a dotted path, and never a 500."""
    scene = await set_scene(world)
    noor, ada = scene.practitioner, scene.client
    await _refused(world, None, "/auth/register/", REGISTER, BAD_REGISTER)
    await _refused(world, noor, "/services/", OFFER, BAD_OFFER)
    await _refused(world, noor, f"/practitioners/{noor.practitioner_id}/schedule/", HOURS, BAD_HOURS)
    purchases = [Bad({"amount": bad.change}, f"amount.{bad.field}", bad.code) for bad in MONEY]
    zero = Bad({"amount": usd(0)}, "amount.amount")
    await _refused(world, ada, "/credits/purchase/", {"amount": usd(100)}, [*purchases, zero])
    await _refused(world, ada, "/bookings/", _booking(scene), await _bad_bookings(world, scene))
    confirm = {"order_id": NIL_UUID, "payment_method": "pm_card_visa"}
    await _refused(world, ada, "/payments/confirm/", confirm, [Bad({"order_id": "7"}, "order_id")])
    await ada.post("/payments/confirm/", confirm, expect=404)
    world.step("wrong types, unknown fields, bad money and bad times: 422 on their fields")


def _booking(scene: Scene) -> dict[str, Json]:
    return {"service_id": scene.service["id"], "start_time": scene.starts[0]}


async def _bad_bookings(world: World, scene: Scene) -> list[Bad]:
    now, start = await world.now(), scene.starts[0]
    return [
        Bad({"start_time": stamp(instant(start) - timedelta(days=7))}, "start_time"),
        Bad({"start_time": off_grid(start)}, "start_time"),
        Bad({"start_time": start.replace("T00:", "T23:")}, "start_time"),
        Bad({"start_time": stamp(instant(start) + timedelta(days=200))}, "start_time"),
        Bad({"start_time": now.strftime("%Y-%m-%dT%H:%M:%S")}, "start_time"),
        Bad({"start_time": "tomorrow"}, "start_time"),
        Bad({"start_time": 10**20}, "start_time"),
        Bad({"start_time": "9999-12-31T23:59:59Z"}, "start_time"),
        Bad({"start_time": "0001-01-01T00:00:00Z"}, "start_time"),
        Bad({"start_time": None}, "start_time"),
        Bad({"service_id": "not-a-uuid"}, "service_id"),
        Bad({"credits": "min"}, "credits"),
        Bad({"credits": usd(1)}, "credits", "insufficient_credits"),
        Bad({"credits": usd(-1)}, "credits"),
        Bad({"notes": "a\x00b"}, "notes"),
        Bad({"client_id": NIL_UUID}, "client_id", "extra_forbidden"),
        Bad({"total": usd(1)}, "total", "extra_forbidden"),
    ]


async def _refused(world: World, who: Person | None, path: str, good: dict[str, Json], bads: list[Bad]) -> None:
    missing = [Bad({}, name) for name in good]
    for bad in [*bads, *missing]:
        body = {k: v for k, v in {**good, **bad.change}.items() if bad.change or k != bad.field}
        answer = await world.call("POST", path, body, token=who.token if who else None, expect=422)
        fields = [error["field"] for error in answer["errors"]]
        blamed = [field for field in fields if field == bad.field or field.startswith(f"{bad.field}.")]
        assert blamed, f"POST {path} {bad.change} blames {fields}, not {bad.field}"
        codes = {answer["code"], *(error["code"] for error in answer["errors"])}
        assert bad.code is None or bad.code in codes, f"POST {path} {bad.change} says {codes}, not {bad.code}"


async def other_peoples_things(world: World) -> None:
    """Anonymous 401, wrong role 403, another's or absent object 404."""
    scene = await set_scene(world)
    booking = await scene.client.book(scene.service, scene.starts[0])
    stranger, rival = await join(world, "Eve"), await set_scene(world)
    bid, order = booking["id"], booking["payment"]["order_id"]
    mine: list[tuple[str, str, Json]] = [
        ("GET", f"/bookings/{bid}/", None),
        ("GET", f"/bookings/{bid}/cancel/preview/", None),
        ("POST", f"/bookings/{bid}/cancel/", {}),
        ("POST", f"/bookings/{bid}/reschedule/", {"start_time": scene.starts[1]}),
        ("POST", f"/bookings/{bid}/room-token/", {}),
        ("GET", f"/payments/orders/{order}/", None),
        ("POST", "/payments/confirm/", {"order_id": order, "payment_method": "pm_card_visa"}),
    ]
    for method, path, body in mine:
        await world.call(method, path, body, expect=401)
        await world.call(method, path, body, expect=401, token="nonsense")
        for other in (stranger, rival.practitioner):
            await world.call(method, path, body, token=other.token, expect=404)
        for odd in (NIL_UUID, "not-a-uuid", "7", "%00"):
            missing = path.replace(bid, odd).replace(order, odd)
            if missing != path:
                await world.call(method, missing, body, token=stranger.token, expect=404)
    for path in (f"/bookings/{bid}/complete/", f"/bookings/{bid}/no-show/"):
        await rival.practitioner.post(path, expect=404)
        await stranger.post(path, expect=(403, 404))
    await scene.practitioner.post(
        "/bookings/", {"service_id": scene.service["id"], "start_time": scene.starts[2]}, expect=422
    )
    await stranger.book({"id": NIL_UUID}, scene.starts[3], expect=404)
    await rival.practitioner.post(f"/practitioners/{scene.practitioner.practitioner_id}/schedule/", HOURS, expect=404)
    world.step("a booking and its order exist for its two sides only")

    for path in ("/practitioner/earnings/", "/practitioner/earnings/summary/", "/practitioner/payouts/"):
        await world.call("GET", path, expect=401)
        await stranger.get(path, expect=403)
    for path in ("/admin/practitioners/", "/admin/payouts/"):
        await world.call("GET", path, expect=401)
        await stranger.get(path, expect=403)
        await scene.practitioner.get(path, expect=403)
    await stranger.post("/services/", OFFER, expect=403)
    await stranger.post("/sandbox/clock/", {"advance": "PT0S"}, expect=403)
    await stranger.post("/practitioner/payouts/request/", {}, expect=403)
    await world.call("GET", f"//internal/services/{scene.service['id']}/", token=stranger.token, expect=404)
    world.step("roles are asked for; internal paths do not exist outside")


async def tokens(world: World) -> None:
    """A token is good as it was made, or not at all."""
    person = await join(world)
    head, body, signature = person.token.split(".")
    forged = [
        "",
        "x",
        f"{head}.{body}.",
        f"{head}.{body}",
        f"{head}.{body}.{signature[::-1]}",
        f"eyJhbGciOiJub25lIn0.{body}.",
        person.refresh_token,
    ]
    for token in forged:
        got = await world.call("GET", "/auth/user/", expect=401, headers={"Authorization": f"Bearer {token}".strip()})
        assert got.headers.get("WWW-Authenticate", "Bearer").startswith("Bearer")
    await world.call("GET", "/auth/user/", expect=401, headers={"Authorization": f"Basic {person.token}"})
    await world.call("GET", "/services/", expect=401, token="nonsense")
    world.step("forged, foreign and refresh tokens open nothing")


async def edges(world: World) -> None:
    """Paths, methods, lists, sizes and nonsense at the edge of HTTP."""
    for path in ("/services", "/services/", "/services/categories"):
        await world.call("GET", path, expect=200)
    await world.call("POST", "/auth/login", {"email": "a@example.org", "password": "wrong"}, expect=401)
    assert (await world.call("GET", "/no/such/path/", expect=404))["status"] == 404
    await world.call("PUT", "/auth/login/", {}, expect=405)
    for query in ("limit=0", "limit=-1", "limit=abc", "offset=-1", "limit=1000000", f"offset={10**30}"):
        await world.call("GET", f"/services/?{query}", expect=(200, 422))
    for query in (
        "search=%00",
        "search=%25_'\"",
        "ordering=password",
        "price_min=abc",
        "price_min=1e400",
        "fields=id,no",
    ):
        await world.call("GET", f"/services/?{query}", expect=(200, 422))
    page = await world.call("GET", "/services/?limit=1&fields=id,title", expect=200)
    assert (page["limit"], page["offset"]) == (1, 0)
    assert all(set(row) == {"id", "title"} for row in page["results"])
    bad_hook = await world.call("POST", "/webhooks/stripe/", {"id": "evt_1"}, expect=400)
    assert bad_hook["code"] == "bad_signature"
    signed = {"Stripe-Signature": "t=1,v1=00"}
    assert (await world.call("POST", "/webhooks/stripe/", {}, expect=400, headers=signed))["code"] == "bad_signature"
    world.step("paths with and without slash, lists within bounds, unsigned webhooks refused")
    await _odd_payloads(world)
    await _availability(world)


async def _odd_payloads(world: World) -> None:
    texts = ["", "{", "[]", "null", '"x"', "[" * 100_000, '{"email": "\\ud800@x.org"}', "NaN", '{"email": 1e999}']
    headers = {"Content-Type": "application/json"}
    for data in [*(text.encode() for text in texts), b"\xff"]:
        await world.call("POST", "/auth/login/", expect=(400, 422), headers=headers, data=data)
    await world.call("POST", "/auth/login/", expect=(415, 422), headers={"Content-Type": "text/plain"}, data=b"x=1")
    large = json.dumps({"email": "a@example.org", "password": "x" * MEBIBYTE}).encode()
    await _too_large(world, io.BytesIO(large))
    await _too_large(world, _chunks(large))
    world.step("nonsense is refused politely; a body over 1 MiB by its length and in chunks")


async def _chunks(data: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(data), 65536):
        yield data[at : at + 65536]
        await asyncio.sleep(0)


async def _too_large(world: World, data: io.BytesIO | AsyncIterator[bytes]) -> None:
    headers = {"Content-Type": "application/json"}
    url = f"{world.base}{API}/auth/login/"
    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(connector=connector) as http, http.post(url, data=data, headers=headers) as got:
        assert got.status == 413, f"{got.status} {await got.text()!r:.200}"
        assert (await got.json(content_type=None))["code"]


async def _availability(world: World) -> None:
    scene = await set_scene(world)
    path, service = f"/practitioners/{scene.practitioner.practitioner_id}/availability/", scene.service["id"]
    day = await world.day(1)
    for query in (
        f"service_id={service}&from={day}&to={day + timedelta(days=32)}",
        f"service_id={service}&from={day}&to={day - timedelta(days=1)}",
        f"service_id={service}&from=soon&to=later",
        f"service_id=x&from={day}&to={day}",
        f"from={day}&to={day}",
        f"service_id={service}&from=9999-12-31&to=9999-12-31&from=0001-01-01",
    ):
        await world.call("GET", f"{path}?{query}", expect=(200, 422) if "9999" in query else 422)
    good = f"service_id={service}&from={day}&to={day + timedelta(days=31)}"
    await world.call("GET", f"{path}?{good}", expect=200)
    await world.call("GET", f"/practitioners/{NIL_UUID}/availability/?{good}", expect=404)
    await world.call("GET", f"{path}?{good.replace(service, NIL_UUID)}", expect=404)
    world.step("availability asks for at most 31 days of what exists")
