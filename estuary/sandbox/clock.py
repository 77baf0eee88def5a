"""The sandbox's clock: a stored offset that only grows, and that every process follows."""

from datetime import timedelta

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import text

from shared.database.session import Database
from shared.errors import Invalid
from shared.records.clock import Clock, SandboxClock

MOVED = "clock.moved"
FARTHEST = timedelta(days=3660)
SECONDS = TypeAdapter(timedelta)


class WrongDuration(Invalid):
    """Not an ISO 8601 duration that leads forward."""

    code, detail = "invalid_duration", "Give an ISO 8601 duration that leads forward, as PT26H or P1D."


def parse(duration: str) -> timedelta:
    """An ISO 8601 duration; refused if it leads back, or ten years ahead."""
    if not duration.startswith("P") or not any(sign.isdigit() for sign in duration):
        raise WrongDuration(field="advance")
    try:
        step = SECONDS.validate_python(duration)
    except (ValidationError, OverflowError):
        raise WrongDuration(field="advance") from None
    if not timedelta() <= step <= FARTHEST:
        raise WrongDuration(field="advance")
    return step


async def stored_offset(db: Database) -> timedelta:
    """How far business time is ahead of the machine's; zero in a new install."""
    async with db.read() as session:
        return timedelta(seconds=float(await session.scalar(OFFSET) or 0))


async def advance(db: Database, clock: Clock, step: timedelta) -> None:
    """Stores the new offset, then moves this process's clock; two callers' steps add up."""
    async with db.transaction() as session:
        seconds = await session.scalar(ADVANCE, {"step": step.total_seconds()})
        if seconds > FARTHEST.total_seconds():
            raise WrongDuration("The clock cannot go more than ten years ahead.", field="advance")
    move(clock, timedelta(seconds=seconds))


def move(clock: Clock, offset: timedelta) -> None:
    """Sets the offset of a clock that has one; any other stands for itself."""
    if isinstance(clock, SandboxClock):
        clock.set_offset(offset)


def offset_of(clock: Clock) -> timedelta:
    """How far that clock is ahead of the machine's."""
    return clock.offset if isinstance(clock, SandboxClock) else timedelta()


OFFSET = text("select cast(value #>> '{}' as double precision) from settings where name = 'clock_offset'")
ADVANCE = text(
    """
    insert into settings as s (name, value) values ('clock_offset', to_jsonb(cast(:step as double precision)))
    on conflict (name) do update
    set value = to_jsonb(cast(s.value #>> '{}' as double precision) + cast(:step as double precision))
    returning cast(value #>> '{}' as double precision)
    """
)
