"""Closing rooms at the video provider. Where there is none the closures stay what they are: a record."""

from functools import partial

from services.booking.rooms.models import RoomClosure
from services.booking.rooms.repository import BACK_OFF, RoomClosures
from services.booking.runtime import BookingRuntime
from shared.video import VideoRooms
from shared.work.attempts import try_each
from shared.work.jobs import Job, Jobs


async def close_rooms(runtime: BookingRuntime) -> int:
    """Ends the rooms of cancelled bookings and removes who is in them; tries again, ever more slowly, until done."""
    if not runtime.video.can_end:
        return 0
    async with runtime.db.autocommit() as session:
        due = await RoomClosures(session).claim()
    return await try_each(runtime.db, due, partial(_close, runtime), BACK_OFF)


async def _close(runtime: BookingRuntime, closure: RoomClosure) -> bool:
    await _ask(runtime.video, closure)
    async with runtime.db.transaction() as session:
        await RoomClosures(session).mark_done(closure.id)
    return True


async def _ask(video: VideoRooms, closure: RoomClosure) -> None:
    if closure.participant is None:
        await video.end(closure.room)
    else:
        await video.remove(closure.room, closure.participant)


JOBS: Jobs = {"close_rooms": Job(close_rooms, every=2.0)}
