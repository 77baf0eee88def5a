"""Searches by availability, and the first start that a service can be booked for."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from devtools.testing.delivery import deliver_twice
from services.catalog.tests.conftest import API
from shared.events.booking import OpeningsChanged
from shared.records.ids import new_id

SERVICES = f"{API}/services/"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def opens(app):
    """Booking says: these runs, each from its first start to its last."""

    async def tell(service: Any, *runs: tuple[datetime, datetime], step: int = 60) -> None:
        await deliver_twice(app, OpeningsChanged(service_id=service["id"], step_minutes=step, runs=runs))

    return tell


@pytest.fixture
def noon(clock) -> datetime:
    """Of the day after tomorrow."""
    return clock.now().replace(hour=12, minute=0, second=0, microsecond=0) + 2 * DAY


@pytest.fixture
def found(client):
    async def ask(first: datetime | None, until: datetime | None, **more: str) -> list[str]:
        span = {"available_from": first, "available_to": until}
        query = {name: moment.isoformat() for name, moment in span.items() if moment} | more
        answer = await client.get(SERVICES, params=query)
        assert answer.status_code == 200, answer.text
        assert answer.json()["total"] == len(answer.json()["results"])
        return [row["title"] for row in answer.json()["results"]]

    return ask


async def test_a_start_in_the_span_is_found_and_none_beside_it(maya, opens, found, noon):
    hourly = await maya.creates_service(title="Hourly")
    await opens(hourly, (noon, noon + 3 * HOUR), (noon + DAY, noon + DAY))
    await maya.creates_service(title="Never told of")
    for begin, end, is_found in (
        (0, 1, True),
        (-60, 0, False),
        (-60, 1, True),
        (1, 60, False),  # shorter than the step, between two starts
        (1, 61, True),
        (59, 61, True),
        (61, 119, False),
        (180, 181, True),
        (181, 600, False),
        (181, 24 * 60, False),
        (181, 24 * 60 + 1, True),
    ):
        assert await found(noon + begin * MINUTE, noon + end * MINUTE) == ["Hourly"] * is_found, (begin, end)
    assert await found(noon, noon + HOUR, category="music") == []
    assert await found(noon, noon + HOUR, search="hourly") == ["Hourly"]


async def test_notice_and_the_present_bound_what_is_found_and_shown(maya, opens, found, client, clock, noon):
    plain = await maya.creates_service(title="Plain")
    noticed = await maya.creates_service(title="Noticed", min_notice_minutes=90)
    now = clock.now()
    for service in (plain, noticed):
        await opens(service, (now, now + 3 * HOUR), step=30)
    assert await found(now, now + 30 * MINUTE) == []  # what has come cannot be booked
    assert await found(now, now + 31 * MINUTE) == ["Plain"]
    assert sorted(await found(now, now + 91 * MINUTE)) == ["Noticed", "Plain"]
    assert await found(now - HOUR, now + 90 * MINUTE) == ["Plain"]
    shown = {row["title"]: row["next_available"] for row in (await client.get(SERVICES)).json()["results"]}
    starts = {"Plain": now + 30 * MINUTE, "Noticed": now + 90 * MINUTE}
    assert {title: datetime.fromisoformat(start) for title, start in shown.items()} == starts
    clock.advance(3 * HOUR)
    for service in (plain, noticed):
        assert (await client.get(f"{SERVICES}{service['id']}/")).json()["next_available"] is None
    await opens(plain, (clock.now() + 61 * DAY, clock.now() + 61 * DAY))
    assert (await client.get(f"{SERVICES}{plain['id']}/")).json()["next_available"] is None


async def test_what_booking_says_last_is_what_holds(maya, opens, found, client, noon):
    service = await maya.creates_service(title="Yoga")
    await opens(service, (noon, noon + HOUR))
    await opens(service)
    assert await found(noon, noon + DAY) == []
    await opens(service, (noon + 10 * MINUTE, noon + 40 * MINUTE), step=30)
    assert await found(noon, noon + DAY) == ["Yoga"]
    assert await found(noon, noon + 10 * MINUTE) == []
    listed = (await client.get(f"{API}/practitioners/{maya.id}/services/")).json()["results"]
    assert datetime.fromisoformat(listed[0]["next_available"]) == noon + 10 * MINUTE
    await client.delete(f"{SERVICES}{service['id']}/", headers=maya.headers)
    assert await found(noon, noon + DAY) == []


@pytest.mark.parametrize(
    ("first", "until", "field"),
    [
        (0, -1, "available_to"),
        (1, 1, "available_to"),
        (0, 31.01, "available_to"),
        (40, 60.01, "available_to"),
        (-2, -1, "available_to"),
        (60.5, None, "available_from"),
        (-32, None, "available_from"),
        (None, 31.5, "available_to"),
    ],
)
async def test_a_span_that_is_too_long_too_far_or_over_is_refused(client, clock, first, until, field):
    ends = {"available_from": first, "available_to": until}
    given = {name: (clock.now() + days * DAY).isoformat() for name, days in ends.items() if days is not None}
    answer = await client.get(SERVICES, params=given)
    body = answer.json()
    assert (answer.status_code, body["code"], body["errors"][0]["field"]) == (422, "bad_range", field)


async def test_what_is_no_moment_is_refused(client):
    answer = await client.get(SERVICES, params={"available_from": "tomorrow", "available_to": "2026-12-05T10:00:00Z"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "available_from")


async def test_one_bound_is_enough(maya, opens, found, clock, noon):
    service = await maya.creates_service(title="Yoga")
    await opens(service, (noon, noon))
    assert await found(None, noon) == []
    assert await found(None, noon + MINUTE) == ["Yoga"]
    assert await found(noon, None) == ["Yoga"]
    assert await found(noon + MINUTE, None) == []
    assert await found(clock.now() + 59 * DAY, None) == []


async def test_openings_of_a_service_that_is_not_there_harm_nobody(opens, found, noon):
    await opens({"id": new_id()}, (noon, noon))
    assert await found(noon, noon + HOUR) == []
