"""What is left of a course, from booking's events about its dates."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from devtools.testing.delivery import deliver, deliver_twice
from services.catalog.dates.domain import remainder
from services.catalog.tests.conftest import API
from shared.events.sessions import SessionCancelled, SessionMoved, SessionScheduled, SessionSnapshot
from shared.records.ids import new_id
from shared.records.money import Money

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
WEEK = timedelta(days=7)
USD = Money(10_000, "USD")
THREE = [NOW + WEEK, NOW + 2 * WEEK, NOW + 3 * WEEK]


def snapshot(service_id, start, session_id=None, *, announced=True) -> SessionSnapshot:
    return SessionSnapshot(
        id=session_id or new_id(), practitioner_id=new_id(), practitioner_user_id=new_id(), service_id=service_id,
        service_title="Breath", start_time=start, end_time=start + timedelta(hours=1), timezone="UTC",
        announced=announced, series_id=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("notice", "after", "sessions", "price"),
    [(0, 0, 3, 10_000), (0, 7, 2, 6_666), (7 * 24, 0, 3, 10_000), (7 * 24 + 1, 0, 2, 6_666), (0, 21, 0, None)],
)
def test_odd_units_go_to_the_first_and_what_has_begun_is_left_out(notice, after, sessions, price):
    left = remainder(USD, THREE, timedelta(hours=notice), NOW + timedelta(days=after))
    assert (left.sessions, left.price and left.price.amount) == (sessions, price)


async def test_a_course_says_what_is_left_of_it(app, client, maya):
    course = await maya.creates_service(service_type="course", price={"amount": 10_000, "currency": "USD"})

    async def left() -> tuple[int, int | None]:
        shown = (await client.get(f"{API}/services/{course['id']}/")).json()
        return shown["sessions_left"], shown["price_now"] and shown["price_now"]["amount"]

    assert await left() == (0, None)
    service_id, dates = UUID(course["id"]), [new_id() for _ in THREE]
    for session_id, start in zip(dates, THREE, strict=True):
        await deliver_twice(app, SessionScheduled(session=snapshot(service_id, start, session_id)))
    assert await left() == (3, 10_000)
    past = snapshot(service_id, NOW - WEEK, dates[1])
    await deliver_twice(app, SessionMoved(session=past, previous_start_time=THREE[1]))
    assert await left() == (2, 6_666)
    over = {"cancellation_id": new_id(), "cancelled_together": 1, "cancelled_at": NOW}
    await deliver_twice(app, SessionCancelled(session=snapshot(service_id, THREE[2], dates[2]), **over))
    assert await left() == (1, 5_000)
    slot = snapshot(service_id, THREE[2], announced=False)
    await deliver(app, SessionMoved(session=slot, previous_start_time=THREE[1]))
    assert await left() == (1, 5_000)


async def test_what_is_no_course_has_neither(client, maya):
    made = await maya.creates_service(service_type="workshop")
    shown = (await client.get(f"{API}/services/{made['id']}/")).json()
    assert {"price_now", "sessions_left"}.isdisjoint(shown)
