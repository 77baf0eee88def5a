"""Certificates of courses: the attendance threshold, and no session that is not recorded (rule 16)."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx2
from sqlalchemy import text

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver
from services.booking.tests.world import HOUR, TEN, World
from shared.events.booking import CertificateIssued
from shared.records.ids import new_id
from shared.records.times import render_utc

WEEK = timedelta(weeks=1)


async def enrolled(world: World, percent: int | None = 60) -> dict[str, Any]:
    """A paid purchase of three weekly sessions, which counts as that of a course."""
    await world.open_shop(series_max=3, certificate_percent=percent)
    booking = await world.book(repeat={"every_weeks": 1, "count": 3})
    await deliver(world.app, world.paid(booking))
    async with world.runtime.db.transaction() as session:
        await session.execute(text("update booking.bookings set kind = 'course'"))
    found: dict[str, Any] = (await world.get(f"/bookings/{booking['id']}/")).json()
    assert [child["start_time"] for child in found["children"]] == [render_utc(TEN + week * WEEK) for week in range(3)]
    return found


async def mark(world: World, course: dict[str, Any], number: int, attendance: str) -> None:
    """At the end of that session, or now if that was earlier."""
    session = course["children"][number]
    world.clock.set(max(world.clock.now(), TEN + number * WEEK + HOUR))
    body = {"marks": [{"booking_id": session["id"], "attendance": attendance}]}
    answer = await world.post(f"/sessions/{session['session_id']}/attendance/", body, world.practitioner)
    assert answer.status_code == 200, answer.text


async def ask(world: World, course: dict[str, Any], headers: dict[str, str] | None = None) -> httpx2.Response:
    return await world.get(f"/bookings/{course['id']}/certificate/", headers)


async def is_refused(world: World, course: dict[str, Any]) -> bool:
    answer = await ask(world, course)
    return (answer.status_code, answer.json()["code"]) == (409, "not_earned")


class TestCertificates:
    async def test_rule_16_it_is_issued_once_when_the_last_session_is_marked(self, world: World) -> None:
        course = await enrolled(world)
        for number, attendance in enumerate(("attended", "absent")):
            await mark(world, course, number, attendance)
            assert await is_refused(world, course)
        await mark(world, course, 2, "late")
        answer = (await ask(world, course)).json()
        issued = render_utc(TEN + 2 * WEEK + HOUR)
        assert answer | {"number": ""} == {
            "number": "",
            "issued_at": issued,
            "title": "Breathing",
            "attended": 2,
            "sessions": 3,
        }
        # A mark that is changed takes it away, and gives it back under its number.
        await mark(world, course, 2, "absent")
        assert await is_refused(world, course)
        await mark(world, course, 2, "attended")
        assert (await ask(world, course)).json() == answer
        [event] = await world.events(CertificateIssued)
        assert (str(event.booking_id), event.client_id, event.number) == (
            course["id"],
            world.client_id,
            answer["number"],
        )

    async def test_rule_16_whoever_missed_too_many_has_none_until_a_mark_is_corrected(self, world: World) -> None:
        course = await enrolled(world)
        for number, attendance in enumerate(("attended", "absent")):
            await mark(world, course, number, attendance)
        world.clock.set(TEN + 2 * WEEK + HOUR)
        missed = await world.post(f"/bookings/{course['children'][2]['id']}/no-show/", headers=world.practitioner)
        assert missed.status_code == 200
        assert await is_refused(world, course)
        await mark(world, course, 2, "attended")
        assert (await ask(world, course)).json()["attended"] == 2

    async def test_of_two_last_marks_at_one_moment_one_issues_it(self, world: World) -> None:
        course = await enrolled(world)
        await mark(world, course, 0, "attended")
        world.clock.set(TEN + 2 * WEEK + HOUR)
        await asyncio.gather(*(mark(world, course, number, "attended") for number in (1, 2)))
        assert (await ask(world, course)).json()["attended"] == 3
        assert len(await world.events(CertificateIssued)) == 1

    async def test_rule_16_a_cancelled_session_counts_for_nothing(self, world: World) -> None:
        course = await enrolled(world, percent=100)
        await world.post(f"/bookings/{course['children'][0]['id']}/cancel/", headers=world.practitioner)
        for number in (1, 2):
            await mark(world, course, number, "attended")
        assert (await ask(world, course)).json()["sessions"] == 2

    async def test_a_course_without_a_threshold_gives_none(self, world: World) -> None:
        course = await enrolled(world, percent=None)
        for number in range(3):
            await mark(world, course, number, "attended")
        assert await is_refused(world, course)

    async def test_only_its_client_has_it(self, world: World) -> None:
        course = await enrolled(world)
        assert (await ask(world, course, {"X-Nobody": "1"})).status_code == 401
        for headers in (headers_for(new_id()), world.practitioner, world.staff):
            assert (await ask(world, course, headers)).status_code == 404
