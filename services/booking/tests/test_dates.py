"""Dates of workshops and courses: announced, read, booked, moved, cancelled."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver, run_jobs
from services.booking.tests.world import HOUR, TEN, World
from shared.events.sessions import SeriesDateLeftOut, SessionCancelled, SessionScheduled
from shared.records.ids import new_id
from shared.records.times import render_utc

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
WEEKLY = {"rrule": "FREQ=WEEKLY", "start_date": "2026-12-03", "start_time": "18:00", "timezone": "Europe/Berlin"}


async def open_workshop(world: World, **more: Any) -> None:
    await world.open_shop(**{"service_type": "workshop", "max_participants": 3, **more})


async def try_announce(world: World, body: Any, headers: dict[str, str] | None = None) -> Any:
    chosen = world.practitioner if headers is None else headers
    return await world.http.post(f"/api/v1/services/{world.service_id}/schedule/", json=body, headers=chosen)


async def announce(world: World, *starts: datetime, **more: Any) -> list[dict[str, Any]]:
    answer = await try_announce(world, {"dates": [{"start_time": render_utc(start)} for start in starts], **more})
    assert answer.status_code == 201, answer.text
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


async def listed(world: World, **query: Any) -> list[dict[str, Any]]:
    answer = await world.http.get(f"/api/v1/services/{world.service_id}/schedule/", params={"limit": 100, **query})
    assert answer.status_code == 200, answer.text
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


async def cancel(world: World, session_id: str, **body: Any) -> Any:
    return await world.post(f"/sessions/{session_id}/cancel/", body or None, world.practitioner)


async def move(world: World, session_id: str, start: datetime) -> Any:
    body = {"start_time": render_utc(start)}
    return await world.http.put(f"/api/v1/sessions/{session_id}/", json=body, headers=world.practitioner)


def refused(answer: Any) -> tuple[int, str, list[tuple[str, str]]]:
    problem = answer.json()
    return answer.status_code, problem["code"], [(each["field"], each["code"]) for each in problem["errors"]]


class TestAnnounce:
    async def test_all_dates_are_there_for_everyone_in_order_and_outside_hours_and_horizon(self, world: World) -> None:
        await open_workshop(world)
        far = datetime(2027, 8, 1, 3, 7, tzinfo=UTC)
        body = {"dates": [{"start_time": render_utc(far), "end_time": render_utc(far + 26 * HOUR)}], "series": None}
        assert (await try_announce(world, body)).status_code == 201
        [date] = await announce(world, TEN)
        assert date == {
            "id": date["id"],
            "service_id": str(world.service_id),
            "start_time": "2026-12-03T10:00:00Z",
            "end_time": "2026-12-03T11:00:00Z",
            "status": "scheduled",
            "available_spots": 3,
            "location_id": None,
            "series_id": None,
            "position": 1,
        }
        found = await listed(world)
        assert [(each["position"], each["start_time"], each["end_time"]) for each in found] == [
            (1, "2026-12-03T10:00:00Z", "2026-12-03T11:00:00Z"),
            (2, "2027-08-01T03:07:00Z", "2027-08-02T05:07:00Z"),
        ]
        assert [slot["start_time"] for slot in await world.slots("2027-08-01", "2027-08-02")] == [render_utc(far)]
        scheduled = await world.events(SessionScheduled)
        assert {str(event.session.id) for event in scheduled} == {each["id"] for each in found}

    async def test_anonymous_is_401_a_client_403_and_a_stranger_404(self, world: World) -> None:
        await open_workshop(world)
        [date] = await announce(world, TEN)
        stranger = headers_for(new_id(), ("user", "practitioner"), new_id())
        for headers, status in (({}, 401), (world.client, 403), (stranger, 404)):
            body = {"dates": [{"start_time": render_utc(TEN)}]}
            assert (await try_announce(world, body, headers)).status_code == status
            cancelling = await world.http.post(f"/api/v1/sessions/{date['id']}/cancel/", headers=headers)
            assert cancelling.status_code == status

    async def test_what_collides_is_named_and_nothing_is_announced(self, world: World) -> None:
        await open_workshop(world, buffer_after_minutes=30)
        await announce(world, TEN)
        starts = [TEN + DAY, TEN + 75 * timedelta(minutes=1), TEN + DAY + 59 * timedelta(minutes=1), TEN + 2 * DAY]
        body = {
            "dates": [{"start_time": render_utc(start)} for start in starts],
            "series": {**WEEKLY, "rrule": "FREQ=WEEKLY;COUNT=3", "start_time": "10:30", "timezone": "UTC"},
        }
        taken = await try_announce(world, body)
        named = {("dates.1", "slot_taken"), ("dates.2", "slot_taken"), ("series", "slot_taken")}
        assert (taken.status_code, taken.json()["code"], set(refused(taken)[2])) == (409, "slot_taken", named)
        assert len(await listed(world)) == 1
        away = {"start_time": render_utc(TEN + 3 * DAY), "end_time": render_utc(TEN + 4 * DAY)}
        await world.post(f"/practitioners/{world.practitioner_id}/time-off/", away, world.practitioner)
        assert (await try_announce(world, {"dates": [{"start_time": render_utc(TEN + 3 * DAY)}]})).status_code == 409

    @pytest.mark.parametrize(
        ("body", "named"),
        [
            ({"dates": [{"start_time": "2026-12-03T10:00:00Z"}, {"start_time": "2026-12-01T08:00:00Z"}]},
             ("dates.1.start_time", "too_soon")),
            ({"dates": [{"start_time": "9999-12-31T23:30:00Z"}]}, ("dates.0.start_time", "beyond_horizon")),
            ({"dates": [{"start_time": "2026-12-03T10:00:00Z", "end_time": "2026-12-03T10:00:00Z"}]},
             ("dates.0.end_time", "ends_before_start")),
            ({"dates": []}, ("dates", "missing")),
            ({"dates": [{"start_time": "2026-12-03T10:00:00Z"}] * 201}, ("dates", "too_long")),
            ({"dates": [{"start_time": "2026-12-03T10:00:00Z", "room": 1}]}, ("dates.0.room", "extra_forbidden")),
            ({"series": {**WEEKLY, "rrule": "FREQ=SECONDLY"}}, ("series.rrule", "bad_rrule")),
            ({"series": {**WEEKLY, "rrule": "FREQ=WEEKLY;COUNT=3;UNTIL=20270101"}}, ("series.rrule", "bad_rrule")),
            ({"series": {**WEEKLY, "rrule": "FREQ=WEEKLY;BYHOUR=3"}}, ("series.rrule", "bad_rrule")),
            ({"series": {**WEEKLY, "rrule": "FREQ=DAILY;INTERVAL=0"}}, ("series.rrule", "bad_rrule")),
            ({"series": {**WEEKLY, "rrule": "FREQ=WEEKLY\nEXDATE:20261210"}}, ("series.rrule", "invisible_text")),
            ({"series": {**WEEKLY, "rrule": "FREQ=DAILY;INTERVAL=7;BYDAY=MO"}}, ("series.rrule", "bad_rrule")),
            ({"series": {**WEEKLY, "rrule": "FREQ=WEEKLY;UNTIL=20261201"}}, ("series.rrule", "bad_rrule")),
            ({"series": {**WEEKLY, "rrule": "FREQ=DAILY;COUNT=201"}}, ("series.rrule", "too_many_dates")),
            ({"series": {**WEEKLY, "start_date": "2026-11-26"}}, ("series.start_date", "too_soon")),
            ({"series": {**WEEKLY, "start_date": "9999-11-26"}}, ("series.start_date", "beyond_horizon")),
            ({"series": {**WEEKLY, "timezone": "Mars/Olympus"}}, ("series.timezone", "invalid_timezone")),
            ({"timezone": "UTC", "weekly": []}, ("weekly", "not_for_type")),
        ],
        ids=lambda part: part[0] if isinstance(part, tuple) else "",
    )  # fmt: skip
    async def test_what_cannot_be_is_422_and_named(self, world: World, body: Any, named: tuple[str, str]) -> None:
        await open_workshop(world)
        answer = await try_announce(world, body)
        assert (answer.status_code, refused(answer)[2]) == (422, [named])
        assert await listed(world) == []

    async def test_a_course_has_an_end_and_no_date_more_once_a_client_is_in_it(self, world: World) -> None:
        await open_workshop(world, service_type="course")
        assert refused(await try_announce(world, {"series": WEEKLY}))[2] == [("series.rrule", "bad_rrule")]
        answer = await try_announce(world, {"series": {**WEEKLY, "rrule": "FREQ=WEEKLY;COUNT=3"}})
        assert [each["position"] for each in answer.json()["results"]] == [1, 2, 3]
        assert (await world.try_book(datetime(2026, 12, 3, 17, tzinfo=UTC))).status_code == 422
        assert await world.slots() == []

    async def test_hours_have_no_dates(self, world: World) -> None:
        await world.open_shop()
        assert refused(await try_announce(world, {"series": WEEKLY}))[2] == [("series", "not_for_type")]
        assert (await world.http.get(f"/api/v1/services/{world.service_id}/schedule/")).status_code == 401
        assert (await world.get(f"/services/{world.service_id}/schedule/")).status_code == 403

    async def test_the_same_key_announces_once(self, world: World) -> None:
        await open_workshop(world)
        headers = world.practitioner | {"Idempotency-Key": new_id().hex}
        body = {"dates": [{"start_time": render_utc(TEN)}]}
        answers = [await try_announce(world, body, headers) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [201, 201]
        assert answers[0].json() == answers[1].json()


class TestSeries:
    async def test_rule_01_a_weekly_class_keeps_its_hour_through_a_year_of_both_changes(self, world: World) -> None:
        await open_workshop(world)
        rule = {**WEEKLY, "rrule": "FREQ=WEEKLY;UNTIL=20271231", "except": ["2026-12-24"]}
        assert (await try_announce(world, {"series": rule})).status_code == 201
        hours = {each["start_time"][:10]: each["start_time"][11:16] for each in await listed(world)}
        assert (len(hours), "2026-12-24" in hours) == (56, False)
        summer = {day for day, hour in hours.items() if hour == "16:00"}
        assert summer == {day for day in hours if "2027-03-28" <= day < "2027-10-31"}
        assert {hour for day, hour in hours.items() if day not in summer} == {"17:00"}

    async def test_rule_01_the_hour_that_spring_leaves_out_has_no_date_and_autumns_has_one(self, world: World) -> None:
        await open_workshop(world, duration_minutes=30)
        rule = {**WEEKLY, "start_time": "02:30"}
        for start, until in (("2027-03-27", "20270329"), ("2027-10-30", "20271101")):
            series = {**rule, "rrule": f"FREQ=DAILY;UNTIL={until}", "start_date": start}
            assert (await try_announce(world, {"series": series})).status_code == 201
        assert [each["start_time"] for each in await listed(world)] == [
            "2027-03-27T01:30:00Z",
            "2027-03-29T00:30:00Z",
            "2027-10-30T00:30:00Z",
            "2027-10-31T00:30:00Z",
            "2027-11-01T01:30:00Z",
        ]

    async def test_a_rule_without_end_is_written_on_and_what_collides_is_left_out(self, world: World) -> None:
        await open_workshop(world)
        assert (await try_announce(world, {"series": WEEKLY})).status_code == 201
        first = await listed(world)
        assert (len(first), first[-1]["start_time"]) == (13, "2027-02-25T17:00:00Z")
        other = world.snapshot(new_id(), horizon_days=700)
        night = {"timezone": "UTC", "weekly": [{"day_of_week": 3, "start_time": "00:00", "end_time": "24:00"}]}
        await world.post(f"/practitioners/{world.practitioner_id}/schedule/", night, world.practitioner)
        in_the_way = datetime(2027, 3, 11, 17, tzinfo=UTC)
        taken = await world.try_book(in_the_way, service_id=str(other.service_id))
        assert taken.status_code == 201, taken.text
        await deliver(world.app, world.paid(taken.json()))
        world.clock.advance(3 * WEEK)
        await run_jobs(world.app)
        after = [each["start_time"][:10] for each in await listed(world)]
        assert after[13:] == ["2027-03-04", "2027-03-18"]
        [left_out] = await world.events(SeriesDateLeftOut)
        assert (left_out.start_time, str(left_out.series_id)) == (in_the_way, first[0]["series_id"])
        await run_jobs(world.app)
        assert len(await world.events(SeriesDateLeftOut)) == 1

    async def test_following_ends_the_series_and_the_dates_before_stay(self, world: World) -> None:
        await open_workshop(world)
        dates = (await try_announce(world, {"series": WEEKLY})).json()["results"]
        [alone] = await announce(world, TEN + 5 * WEEK)
        answer = await cancel(world, dates[2]["id"], following=True)
        assert (answer.status_code, answer.json()["status"], answer.json()["available_spots"]) == (200, "cancelled", 0)
        world.clock.advance(2 * WEEK)
        await run_jobs(world.app)
        now = {each["id"]: each["status"] for each in await listed(world)}
        assert [now[each["id"]] for each in dates] == ["done", "done", *["cancelled"] * 11]
        assert (now[alone["id"]], len(now)) == ("scheduled", 14)
        assert {event.cancelled_together for event in await world.events(SessionCancelled)} == {11}
