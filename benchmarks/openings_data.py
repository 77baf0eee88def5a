"""What `benchmarks.openings` searches in: 10,000 services of 2,500 practitioners, with hours and bookings."""

import itertools
import random
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from shared.records.ids import new_id

PRACTITIONERS, SERVICES_EACH, SESSIONS_EACH = 2_500, 4, 40
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
Row = tuple[Any, ...]


async def copy(connection: asyncpg.Connection, table: str, columns: str, rows: Iterable[Row]) -> None:
    """Stores the rows."""
    schema, name = table.split(".")
    await connection.copy_records_to_table(name, schema_name=schema, columns=columns.split(), records=rows)


async def fill(connection: asyncpg.Connection, now: datetime) -> None:
    """Both schemas; the same calendars on every run."""
    chance = random.Random(14)
    people = [(new_id(), new_id()) for _ in range(PRACTITIONERS)]
    columns = "id user_id display_name bio specializations timezone status version created_at updated_at"
    facts = ("b", ["x"], "UTC", "approved", 1, now, now)
    await copy(connection, "catalog.practitioners", columns, ((id, user, "P", *facts) for id, user in people))
    services = [(new_id(), *of, _terms(chance)) for of in people for _ in range(SERVICES_EACH)]
    await copy(connection, "catalog.services", CATALOG, (_in_catalog(*one, now) for one in services))
    await copy(connection, "booking.service_copies", BOOKING, (_in_booking(*one) for one in services))
    schedules = ((new_id(), id, chance.choice(ZONES), _weekly(chance), "[]", "[]", now) for id, _ in people)
    await copy(connection, "booking.schedules", SCHEDULES, schedules)
    await copy(connection, "booking.sessions", SESSIONS, _sessions(chance, services, now))
    await connection.execute("vacuum analyze")


async def fill_calendar(connection: asyncpg.Connection, now: datetime, sessions: int) -> tuple[UUID, UUID]:
    """One practitioner, open around the clock, with so many sessions, the first 250 of them within 31 days."""
    practitioner_id, service_id = new_id(), new_id()
    terms = {"duration": 30, "interval": 30, "notice": 0, "before": 0, "after": 0, "seats": 1}
    await copy(
        connection, "booking.service_copies", BOOKING, [_in_booking(service_id, practitioner_id, new_id(), terms)]
    )
    weekly = orjson.dumps([_window(day, "00:00", "24:00") for day in range(7)]).decode()
    row = (new_id(), practitioner_id, "UTC", weekly, "[]", "[]", now)
    await copy(connection, "booking.schedules", SCHEDULES, [row])
    first = (now + DAY).replace(hour=0, minute=0, second=0, microsecond=0)
    starts = [first + number * 120 * MINUTE for number in range(250)]
    starts += [first + 40 * DAY + number * 60 * MINUTE for number in range(sessions - 250)]
    rows = [_session(practitioner_id, service_id, start, terms, now) for start in starts]
    await copy(connection, "booking.sessions", SESSIONS, rows)
    await connection.execute("vacuum analyze")
    return practitioner_id, service_id


def _terms(chance: random.Random) -> dict[str, int]:
    return {
        "duration": chance.choice((30, 45, 60, 60, 90)),
        "interval": chance.choice((15, 30, 30, 60, 60)),
        "notice": chance.choice((0, 0, 60, 1440)),
        "before": chance.choice((0, 0, 10)),
        "after": chance.choice((0, 0, 15)),
        "seats": chance.choice((1, 1, 1, 8)),
    }


def _weekly(chance: random.Random) -> str:
    opens, closes = chance.choice((8, 9, 10)), chance.choice((16, 17, 20))
    days = chance.sample(range(7), chance.randint(2, 6))
    windows = [_window(day, f"{opens:02}:00", f"{closes}:00") for day in days]
    return orjson.dumps([*windows, _window(days[0], "22:00", "02:00")]).decode()


def _window(day: int, opens: str, closes: str) -> dict[str, Any]:
    return {"day_of_week": day, "start_time": opens, "end_time": closes}


def _sessions(chance: random.Random, services: list[Row], now: datetime) -> Iterator[Row]:
    """Bookings that do not collide: each practitioner has one at most in three hours."""
    for practitioner_id, group in itertools.groupby(services, key=lambda one: one[1]):
        own = list(group)
        for slot in chance.sample(range(60 * 8), SESSIONS_EACH):
            service_id, _, _, terms = chance.choice(own)
            start = now + slot * 180 * MINUTE + chance.choice((0, 15, 30)) * MINUTE
            yield _session(practitioner_id, service_id, start, terms, now)


def _session(practitioner_id: UUID, service_id: UUID, start: datetime, terms: dict[str, int], now: datetime) -> Row:
    end = start + terms["duration"] * MINUTE
    padded = (start - terms["before"] * MINUTE, end + terms["after"] * MINUTE)
    return new_id(), practitioner_id, service_id, start, end, *padded, terms["seats"], 1, True, "r", now


def _in_catalog(id: UUID, practitioner_id: UUID, _: UUID, terms: dict[str, int], now: datetime) -> Row:
    minutes = [terms[name] for name in ("duration", "seats", "before", "after", "notice", "interval")]
    about = ("session", "Service", "d" * 300, "yoga", 5000, "USD", "online", 90, True, 1, now, now)
    return id, practitioner_id, *minutes, *about, [1440, 30]


def _in_booking(id: UUID, practitioner_id: UUID, user_id: UUID, terms: dict[str, int]) -> Row:
    minutes = [terms[name] for name in ("duration", "seats", "before", "after", "notice", "interval")]
    return id, practitioner_id, user_id, *minutes, 1, "Service", 5000, "USD", "online", 90, True, "UTC", [1440, 30]


CATALOG = (
    "id practitioner_id duration_minutes max_participants buffer_before_minutes buffer_after_minutes min_notice_minutes"
    " own_interval_minutes service_type title description category price_amount currency delivery horizon_days"
    " is_active version created_at updated_at reminders_minutes"
)
BOOKING = (
    "service_id practitioner_id practitioner_user_id duration_minutes max_participants buffer_before_minutes"
    " buffer_after_minutes min_notice_minutes slot_interval_minutes version title price_amount currency delivery"
    " horizon_days is_active practitioner_timezone reminders_minutes"
)
SCHEDULES = "id practitioner_id timezone weekly overrides zone_changes updated_at"
SESSIONS = (
    "id practitioner_id service_id start_time end_time blocked_from blocked_until capacity taken active room created_at"
)
