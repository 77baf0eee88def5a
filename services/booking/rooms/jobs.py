"""Closing rooms at LiveKit. Without LIVEKIT_URL the closures stay what they are: a record."""

from functools import partial

import aiohttp
from livekit.api import DeleteRoomRequest, LiveKitAPI, RoomParticipantIdentity, TwirpError

from services.booking.rooms.models import RoomClosure
from services.booking.rooms.repository import RoomClosures
from services.booking.runtime import BookingRuntime
from services.booking.settings import BookingSettings
from shared.observability.logs import logger
from shared.work.jobs import Job, Jobs, each

log = logger()


async def close_rooms(runtime: BookingRuntime) -> int:
    """Ends the rooms of cancelled bookings and removes who is in them; tries again, ever more slowly, until done."""
    if runtime.settings.livekit_api is None:
        return 0
    async with runtime.db.transaction() as session:
        due = await RoomClosures(session).claim()
    return await each(due, partial(_close, runtime))


async def _close(runtime: BookingRuntime, closure: RoomClosure) -> bool:
    try:
        await _ask(runtime.settings, closure)
    except (TwirpError, aiohttp.ClientError, TimeoutError) as error:
        log.warning("room.not_closed", room=closure.room, error=repr(error))
        return False
    async with runtime.db.transaction() as session:
        await RoomClosures(session).mark_done(closure.id)
    return True


async def _ask(settings: BookingSettings, closure: RoomClosure) -> None:
    timeout = aiohttp.ClientTimeout(total=10)
    key, secret = settings.livekit_api_key, settings.livekit_api_secret
    async with LiveKitAPI(settings.livekit_api, key, secret, timeout=timeout) as livekit:
        try:
            if closure.participant is None:
                await livekit.room.delete_room(DeleteRoomRequest(room=closure.room))
            else:
                caller = RoomParticipantIdentity(room=closure.room, identity=closure.participant)
                await livekit.room.remove_participant(caller)
        except TwirpError as error:
            if error.code != "not_found":  # the room is made when the first person joins: nothing to close
                raise


JOBS: Jobs = {"close_rooms": Job(close_rooms, every=2.0)}
