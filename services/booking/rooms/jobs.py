"""Closing rooms at LiveKit. Without LIVEKIT_URL the closures stay what they are: a record."""

from datetime import timedelta
from functools import partial
from uuid import UUID

import aiohttp
from livekit.api import DeleteRoomRequest, LiveKitAPI, RoomParticipantIdentity, TwirpError
from sqlalchemy import select

from services.booking.rooms.models import RoomClosure
from services.booking.runtime import BookingRuntime
from services.booking.settings import BookingSettings
from shared.observability.logs import logger
from shared.records.clock import machine_now
from shared.work.jobs import Job, Jobs, each

BATCH = 20
MAX_BACKOFF = 60
log = logger()


async def close_rooms(runtime: BookingRuntime) -> int:
    """Ends the rooms of cancelled bookings and removes who is in them; tries again, ever more slowly, until done."""
    if runtime.settings.livekit_api is None:
        return 0
    return await each(await _claim(runtime), partial(_close, runtime))


async def _claim(runtime: BookingRuntime) -> list[RoomClosure]:
    due = (RoomClosure.closed_at.is_(None), RoomClosure.attempt_at <= machine_now())
    statement = select(RoomClosure).where(*due).order_by(RoomClosure.attempt_at).limit(BATCH)
    async with runtime.db.transaction() as session:
        closures = list((await session.execute(statement.with_for_update(skip_locked=True))).scalars())
        for closure in closures:
            closure.attempts += 1
            closure.attempt_at = machine_now() + timedelta(seconds=min(2**closure.attempts, MAX_BACKOFF))
    return closures


async def _close(runtime: BookingRuntime, closure: RoomClosure) -> bool:
    try:
        await _ask(runtime.settings, closure)
    except (TwirpError, aiohttp.ClientError, TimeoutError) as error:
        log.warning("room.not_closed", room=closure.room, error=repr(error))
        return False
    await _mark(runtime, closure.id)
    return True


async def _ask(settings: BookingSettings, closure: RoomClosure) -> None:
    timeout = aiohttp.ClientTimeout(total=10)
    key, secret = settings.livekit_api_key, settings.livekit_api_secret
    async with LiveKitAPI(settings.livekit_api, key, secret, timeout=timeout) as livekit:
        try:
            if closure.participant is None:
                await livekit.room.delete_room(DeleteRoomRequest(room=closure.room))
            else:
                who = RoomParticipantIdentity(room=closure.room, identity=closure.participant)
                await livekit.room.remove_participant(who)
        except TwirpError as error:
            if error.code != "not_found":  # nobody has joined yet: nothing to close
                raise


async def _mark(runtime: BookingRuntime, closure_id: UUID) -> None:
    async with runtime.db.transaction() as session:
        closure = await session.get_one(RoomClosure, closure_id)
        closure.closed_at = session.now()


JOBS: Jobs = {"close_rooms": Job(close_rooms, every=2.0)}
