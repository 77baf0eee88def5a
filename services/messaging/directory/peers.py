"""Asks the other services about ids that no event has named yet. Not to be called inside a transaction."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from services.messaging.directory.domain import UNCONFIRMED
from services.messaging.directory.errors import BookingNotConfirmed
from services.messaging.directory.models import Booking
from services.messaging.directory.repository import Bookings, Practitioners, Users
from services.messaging.directory.schemas import PractitionerFacts
from shared.database.erasure import may_store
from shared.errors import NotFound
from shared.events.booking import BookingSnapshot
from shared.internal.booking import BOOKING
from shared.internal.catalog import PRACTITIONER_OF_USER
from shared.internal.identity import USER
from shared.runtime import Runtime

CONCURRENCY = 8


async def fetch_missing_users(runtime: Runtime, user_ids: Sequence[UUID]) -> None:
    """Asks identity for these users and stores the answers; raises NotFound where it has no such account."""

    async def fetch(user_id: UUID) -> None:
        user = await runtime.peers.ask(USER, user_id=user_id)
        async with runtime.db.transaction() as session:
            if not await may_store(session, user_id):
                raise NotFound("There is no such account.")
            await Users(session).add_missing(user_id, user.first_name, user.last_name)

    await _for_each(user_ids, fetch)


async def fetch_missing_practitioners(runtime: Runtime, user_ids: Sequence[UUID]) -> None:
    """Asks catalog which of these users are practitioners, and stores the answers."""

    async def fetch(user_id: UUID) -> None:
        try:
            found = await runtime.peers.ask(PRACTITIONER_OF_USER, user_id=user_id)
        except NotFound:
            return
        async with runtime.db.transaction() as session:
            if await may_store(session, user_id):
                await Practitioners(session).put(user_id, PractitionerFacts.model_validate(found))

    await _for_each(user_ids, fetch)


async def fetch_missing_booking(runtime: Runtime, booking_id: UUID) -> Booking:
    """Asks booking; raises NotFound, or BookingNotConfirmed for one that is held, has expired or was given up."""
    snapshot = await runtime.peers.ask(BOOKING, booking_id=booking_id)
    if snapshot.status in UNCONFIRMED or not snapshot.was_confirmed:
        raise BookingNotConfirmed
    booking = booking_of(snapshot)
    async with runtime.db.autocommit() as session:
        await Bookings(session).put(booking)
    return booking


def booking_of(snapshot: BookingSnapshot) -> Booking:
    """The part of a booking that messaging keeps."""
    return Booking(
        id=snapshot.id,
        client_id=snapshot.client_id,
        practitioner_user_id=snapshot.practitioner_user_id,
        service_title=snapshot.service_title,
    )


async def _for_each(user_ids: Sequence[UUID], fetch: Callable[[UUID], Awaitable[None]]) -> None:
    """All of them, a few at a time; raises the first failure after all have ended."""
    slots = asyncio.Semaphore(CONCURRENCY)

    async def one(user_id: UUID) -> None:
        async with slots:
            await fetch(user_id)

    results = await asyncio.gather(*(one(user_id) for user_id in user_ids), return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
