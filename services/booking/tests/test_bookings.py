"""Bookings that exist: reading, noting, joining."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from devtools.testing.callers import headers_for, service_headers, token_for
from services.booking.tests.doubles import usd
from services.booking.tests.world import HOUR, TEN, World
from shared.auth.token_signing import Narrowing
from shared.records.ids import new_id

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("PUT", "", {"notes": "x"}),
        ("POST", "reschedule/", {"start_time": TEN.isoformat()}),
        ("POST", "accept-move/", None),
        ("POST", "complete/", None),
        ("POST", "no-show/", None),
        ("POST", "room-token/", None),
    ],
)
async def test_anonymous_is_401_and_a_stranger_404(world: World, method: str, path: str, body: Any) -> None:
    await world.open_shop()
    url = f"/api/v1/bookings/{(await world.confirmed())['id']}/{path}"
    stranger = headers_for(new_id(), ("user", "practitioner"), new_id())
    assert (await world.http.request(method, url, json=body)).status_code == 401
    assert (await world.http.request(method, url, json=body, headers=stranger)).status_code == 404
    for wrong in (str(new_id()), "7"):
        other = f"/api/v1/bookings/{wrong}/{path}"
        assert (await world.http.request(method, other, json=body, headers=stranger)).status_code == 404


class TestRead:
    async def test_the_practitioner_sees_no_payment(self, world: World) -> None:
        await world.open_shop()
        booking = await world.book()
        seen = (await world.get(f"/bookings/{booking['id']}/", world.practitioner)).json()
        assert (seen["payment"], seen["order_id"], seen["status"]) == (None, None, "pending_payment")

    @pytest.mark.parametrize(
        ("scopes", "may_pay"),
        [
            (["bookings.read"], False),
            (["bookings.read", "bookings.write"], False),
            (["bookings.read", "payments.read"], False),
            (["bookings.read", "payments.write"], True),
        ],
    )
    async def test_the_client_secret_is_for_who_may_pay(self, world: World, scopes: list[str], may_pay: bool) -> None:
        await world.open_shop()
        booking = await world.book()
        narrowed = token_for(UUID(booking["client_id"]), narrowing=Narrowing(scopes, client_id="an app"))
        headers = {"Authorization": f"Bearer {narrowed}"}
        secret = booking["payment"]["client_secret"]
        one = (await world.get(f"/bookings/{booking['id']}/", headers)).json()
        lists = [(await world.get(f"/bookings/{path}", headers)).json()["results"] for path in ("", "upcoming/")]
        for seen in (one, *(found[0] for found in lists)):
            assert seen["payment"] == {**booking["payment"], "client_secret": secret if may_pay else None}

    async def test_who_books_by_a_token_that_may_not_pay_gets_none_either(self, world: World) -> None:
        await world.open_shop()
        narrowing = Narrowing(["bookings.read", "bookings.write"], client_id="an app")
        headers = {"Authorization": f"Bearer {token_for(narrowing=narrowing)}"}
        booking = await world.book(headers=headers)
        assert booking["payment"]["order_id"]
        assert booking["payment"]["client_secret"] is None

    async def test_a_stored_answer_is_for_tokens_of_the_same_scopes_alone(self, world: World) -> None:
        await world.open_shop()
        wide = await world.book(headers=world.client | {"Idempotency-Key": "k"})
        secret = wide["payment"]["client_secret"]
        assert secret

        async def again(*scopes: str, key: str = "k") -> Any:
            token = token_for(world.client_id, narrowing=Narrowing([*scopes], client_id="an app"))
            start = TEN if key == "k" else TEN + timedelta(hours=1)
            return await world.try_book(start, {"Authorization": f"Bearer {token}", "Idempotency-Key": key})

        for scopes in (["bookings.write"], ["bookings.write", "payments.write"]):
            refused = await again(*scopes)
            assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
            assert secret not in refused.text
        first, repeated = [await again("bookings.write", key="own") for _ in range(2)]
        assert (first.status_code, repeated.content) == (201, first.content)
        assert repeated.headers["idempotent-replayed"] == "true"

    async def test_lists_are_of_one_s_own_by_role_and_status(self, world: World) -> None:
        await world.open_shop()
        first = await world.confirmed()
        await world.book(TEN + HOUR)
        await world.book(TEN + 2 * HOUR, headers=headers_for())

        async def ids(query: str, headers: dict[str, str] | None = None) -> int:
            answer = await world.get(f"/bookings/{query}", headers)
            assert answer.status_code == 200
            return int(answer.json()["total"])

        assert [await ids(""), await ids("?as=client"), await ids("?as=practitioner")] == [2, 2, 0]
        assert [await ids("?as=practitioner", world.practitioner), await ids("", headers_for())] == [3, 0]
        listed = (await world.get("/bookings/?status=confirmed&fields=id")).json()["results"]
        assert listed == [{"id": first["id"]}]
        assert [await ids(f"?search={first['service_title'].upper()}"), await ids("?search=nothing")] == [2, 0]
        assert [await ids("?search=-nothing"), await ids("?search=%EF%BC%85")] == [2, 0]
        assert (await world.get("/bookings/?status=nonsense")).status_code == 422
        assert (await world.get("/bookings/?ordering=price")).status_code == 422
        assert (await world.http.get("/api/v1/bookings/")).status_code == 401

    async def test_upcoming_and_history_part_at_the_end(self, world: World) -> None:
        await world.open_shop()
        early, late = await world.confirmed(), await world.confirmed(TEN + HOUR)
        world.clock.set(TEN + HOUR)
        for path, expected in (("upcoming", [late["id"]]), ("history", [early["id"]])):
            answer = await world.get(f"/bookings/{path}/")
            assert [booking["id"] for booking in answer.json()["results"]] == expected
            assert (await world.http.get(f"/api/v1/bookings/{path}/")).status_code == 401

    async def test_other_services_get_the_snapshot(self, world: World) -> None:
        await world.open_shop()
        booking = await world.book()
        url = f"/internal/bookings/{booking['id']}/"
        assert (await world.http.get(url, headers=world.client)).status_code == 401
        snapshot = (await world.http.get(url, headers=service_headers("messaging"))).json()
        assert (snapshot["id"], snapshot["total"], snapshot["timezone"]) == (booking["id"], usd(10_001), "UTC")

    async def test_they_read_whether_it_was_ever_confirmed(self, world: World) -> None:
        await world.open_shop()
        given_up, confirmed = await world.book(), await world.confirmed(TEN + HOUR)
        for booking, expected in ((given_up, False), (confirmed, True)):
            assert (await world.post(f"/bookings/{booking['id']}/cancel/")).status_code == 200
            url = f"/internal/bookings/{booking['id']}/"
            snapshot = (await world.http.get(url, headers=service_headers("messaging"))).json()
            assert (snapshot["status"], snapshot["was_confirmed"]) == ("cancelled", expected)


class TestNotes:
    async def test_the_client_writes_them_and_nothing_else(self, world: World) -> None:
        await world.open_shop()
        url = f"/api/v1/bookings/{(await world.book())['id']}/"
        answer = await world.http.put(url, json={"notes": "By the window"}, headers=world.client)
        assert answer.json()["notes"] == "By the window"
        assert (await world.http.put(url, json={"status": "confirmed"}, headers=world.client)).status_code == 422
        assert (await world.http.put(url, json={"notes": "x"}, headers=world.practitioner)).status_code == 404


class TestRoomToken:
    async def test_is_open_from_15_minutes_before_until_the_end(self, world: World) -> None:
        await world.open_shop()
        booking = await world.confirmed()
        statuses = []
        for moment in (TEN - 15 * MINUTE - SECOND, TEN - 15 * MINUTE, TEN + HOUR - SECOND, TEN + HOUR):
            world.clock.set(moment)
            answer = await world.post(f"/bookings/{booking['id']}/room-token/", headers=world.practitioner)
            statuses.append((answer.status_code, answer.json().get("code")))
        assert statuses == [(409, "room_not_open"), (200, None), (200, None), (409, "room_not_open")]

    async def test_is_a_livekit_token_for_this_booking(self, world: World) -> None:
        await world.open_shop()
        booking = await world.confirmed()
        world.clock.set(TEN)
        headers = world.client | {"Idempotency-Key": "k"}
        answers = [await world.post(f"/bookings/{booking['id']}/room-token/", headers=headers) for _ in range(2)]
        assert not [answer for answer in answers if "idempotent-replayed" in answer.headers]  # it is stored nowhere
        ticket = answers[0].json()
        key = OctKey.import_key("estuary-development-only-livekit-secret")
        claims = jwt.decode(ticket["token"], key, algorithms=["HS256"]).claims
        assert ticket["room"] == f"booking-{booking['id']}" == claims["video"]["room"]
        assert claims["sub"] == str(world.client_id)

    async def test_a_pending_one_has_no_room_yet_and_in_person_none_at_all(self, world: World) -> None:
        await world.open_shop()
        booking = await world.book()
        assert (await world.post(f"/bookings/{booking['id']}/room-token/")).json()["code"] == "room_not_open"
        meeting = world.snapshot(new_id(), delivery="in_person")
        there = await world.book(TEN + HOUR, service_id=str(meeting.service_id))
        assert (await world.post(f"/bookings/{there['id']}/room-token/")).json()["code"] == "no_room"

    async def test_guests_of_a_group_share_a_room(self, world: World) -> None:
        await world.open_shop(max_participants=2)
        other = headers_for(UUID(int=7))
        bookings = [(await world.confirmed(), world.client), (await world.confirmed(headers=other), other)]
        world.clock.set(TEN)
        rooms = [(await world.post(f"/bookings/{b['id']}/room-token/", headers=h)).json()["room"] for b, h in bookings]
        assert rooms[0] == rooms[1]
