"""An install of the release before keeps its data."""

import shutil
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import asyncpg

from devtools.testing.databases import Databases, migrations_of
from services.booking.tests.world import HOUR, TEN
from shared.database import migrate
from shared.records.ids import new_id

BEFORE = "0008"
RESERVATION = """
    insert into booking.reservations (id, practitioner_id, service_id, start_time, end_time, blocked_from,
        blocked_until, capacity, taken, active, created_at)
    values ($1, $2, $3, $4, $5, $4, $5, $6, 1, true, now())
"""
BOOKING = """
    insert into booking.bookings (id, status, service_id, service_title, practitioner_id, practitioner_user_id,
        client_id, reservation_id, start_time, end_time, timezone, delivery, total_amount, credits_amount, currency,
        start_version, expires_at, created_at)
    values ($1, $2, $3, 'Breathing', $4, $4, $4, $5, $6, $7, 'UTC', 'online', 5000, 0, 'USD', 1, now(), now())
"""
CHECKOUT = """
    insert into booking.checkouts (booking_id, state, client_secret, publishable_key, attempts, attempt_at)
    values ($1, $2, 'secret', 'key', 0, now())
"""


async def book(old: asyncpg.Connection, hours: int, capacity: int, status: str, state: str) -> tuple[UUID, UUID]:
    """A booking of the release before, and its session."""
    booking_id, session_id, practitioner_id, service_id = (new_id() for _ in range(4))
    times = (TEN + hours * HOUR, TEN + hours * HOUR + timedelta(minutes=30))
    await old.execute(RESERVATION, session_id, practitioner_id, service_id, *times, capacity)
    await old.execute(BOOKING, booking_id, status, service_id, practitioner_id, session_id, *times)
    await old.execute(CHECKOUT, booking_id, state)
    return booking_id, session_id


async def test_sessions_keep_their_rooms_and_checkouts_their_state(databases: Databases, tmp_path: Path) -> None:
    url = await databases.clone()
    versions = migrations_of("booking")
    shutil.copytree(versions, tmp_path / "old", ignore=lambda _, names: [name for name in names if name[:4] >= BEFORE])
    await migrate.upgrade(url, "booking", tmp_path / "old")
    connection = await asyncpg.connect(url)
    alone, alone_session = await book(connection, 0, 1, "pending_payment", "awaiting")
    group, group_session = await book(connection, 1, 3, "expired", "retaking")
    await migrate.upgrade(url, "booking", versions)
    rooms = dict(await connection.fetch("select id, room from booking.sessions"))
    assert rooms == {alone_session: f"booking-{alone}", group_session: f"session-{group_session}"}
    held = await connection.fetch("select id, session_id, client_secret, reschedule_hours from booking.bookings")
    assert {tuple(row) for row in held} == {
        (alone, alone_session, "secret", 24),
        (group, group_session, "secret", 24),
    }
    states = dict(await connection.fetch("select id, state from booking.checkouts"))
    assert states == {alone: "awaiting", group: "reclaiming"}
    await connection.close()
    await databases.drop(url)
