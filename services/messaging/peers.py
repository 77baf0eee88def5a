"""Messaging's questions to the others, for ids that no event has told of yet. None may be asked in a transaction."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from services.messaging.contacts import Bookings, People, Practice, Practitioners
from services.messaging.domain import UNCONFIRMED
from services.messaging.errors import BookingNotConfirmed
from services.messaging.models import Booking
from shared.errors import NotFound
from shared.events.booking import BookingSnapshot
from shared.runtime import Runtime

CONCURRENCY = 8


async def learn_people(runtime: Runtime, user_ids: Sequence[UUID]) -> None:
    """Asks identity for these people and keeps the answers; raises NotFound where it has no such account."""

    async def learn(user_id: UUID) -> None:
        user = await runtime.peers.get("identity", f"/internal/users/{user_id}/")
        async with runtime.db.transaction() as session:
            await People(session).add_if_unknown(user_id, user["first_name"], user["last_name"])

    await _each(user_ids, learn)


async def learn_practitioners(runtime: Runtime, user_ids: Sequence[UUID]) -> None:
    """Asks catalog which of these users are practitioners, and keeps the answers."""

    async def learn(user_id: UUID) -> None:
        try:
            found = await runtime.peers.get("catalog", f"/internal/practitioners/by-user/{user_id}/")
        except NotFound:
            return
        async with runtime.db.transaction() as session:
            await Practitioners(session).put(user_id, Practice.model_validate(found))

    await _each(user_ids, learn)


async def learn_booking(runtime: Runtime, booking_id: UUID) -> Booking:
    """Asks booking; raises NotFound, or BookingNotConfirmed for one that is held or has expired."""
    answer = await runtime.peers.get("booking", f"/internal/bookings/{booking_id}/")
    snapshot = BookingSnapshot.model_validate(answer)
    if snapshot.status in UNCONFIRMED:
        raise BookingNotConfirmed
    booking = booking_of(snapshot)
    async with runtime.db.transaction() as session:
        await Bookings(session).put(booking)
    return booking


def booking_of(snapshot: BookingSnapshot) -> Booking:
    """What messaging keeps of a booking."""
    return Booking(
        id=snapshot.id,
        client_id=snapshot.client_id,
        practitioner_user_id=snapshot.practitioner_user_id,
        service_title=snapshot.service_title,
    )


async def _each(user_ids: Sequence[UUID], learn: Callable[[UUID], Awaitable[None]]) -> None:
    room = asyncio.Semaphore(CONCURRENCY)

    async def one(user_id: UUID) -> None:
        async with room:
            await learn(user_id)

    results = await asyncio.gather(*(one(user_id) for user_id in user_ids), return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
