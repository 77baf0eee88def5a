"""The use cases of opening a conversation: by a user, and by a confirmed booking."""

from collections.abc import Sequence
from uuid import UUID

from services.messaging.conversations.domain import ConversationStatus
from services.messaging.conversations.models import Conversation
from services.messaging.conversations.repository import Conversations
from services.messaging.conversations.schemas import NewConversation
from services.messaging.directory.models import Booking
from services.messaging.directory.peers import fetch_missing_booking, fetch_missing_practitioners, fetch_missing_users
from services.messaging.directory.repository import Bookings
from services.messaging.metrics import CONVERSATIONS
from services.messaging.participants import domain
from services.messaging.participants.domain import Contact
from services.messaging.participants.errors import Blocked, CannotMessageSelf, NotABookingParty, NotAllowedToWrite
from services.messaging.participants.repository import Contacts, Participants
from shared.auth.permissions import Permission
from shared.auth.verification import Caller
from shared.database.repository import found
from shared.database.session import Session
from shared.errors import NotFound
from shared.records.ids import new_id
from shared.runtime import Runtime


async def prepare(runtime: Runtime, caller: Caller, given: NewConversation) -> None:
    """Fetches the users and the booking that no event has named yet. Not to be called inside a transaction.

    Raises NotFound for those that exist nowhere, CannotMessageSelf, BookingNotConfirmed.
    """
    others = _others(caller, given)
    async with runtime.db.read() as session:
        if await _find(session, caller, given):
            return
    if given.booking_id is not None:
        await _prepare_booking(runtime, given.booking_id)
        return
    if unknown := [contact.user_id for contact in await _contacts(runtime, caller, others) if not contact.is_known]:
        await fetch_missing_users(runtime, unknown)
    contacts = await _contacts(runtime, caller, others)
    if refused := [contact.user_id for contact in contacts if not _is_allowed(caller, contact)]:
        await fetch_missing_practitioners(runtime, refused)


async def open_conversation(session: Session, caller: Caller, given: NewConversation) -> tuple[Conversation, bool]:
    """The conversation of these users (and booking), and whether it is new.

    Raises NotFound, NotAllowedToWrite, Blocked, NotABookingParty, CannotMessageSelf.
    """
    others = _others(caller, given)
    booking = None if given.booking_id is None else await _own_booking(session, given.booking_id, caller, others)
    if same := await _find(session, caller, given):
        return same, False
    if booking is None:
        _check_allowed(caller, await Contacts(session).list(others, caller))
    elif any(contact.is_blocked for contact in await Contacts(session).list(others, caller)):
        raise Blocked
    return await _add(session, [caller.user_id, *others], booking, given.subject, opened_by=caller.user_id)


async def open_for_booking(session: Session, booking: Booking) -> None:
    """The conversation of a confirmed booking; again changes nothing."""
    await Bookings(session).put(booking)
    await _add(session, [booking.client_id, booking.practitioner_user_id], booking, None)


def _others(caller: Caller, given: NewConversation) -> list[UUID]:
    others = sorted(set(given.participant_ids))
    if caller.user_id in others:
        raise CannotMessageSelf(field="participant_ids")
    return others


async def _find(session: Session, caller: Caller, given: NewConversation) -> Conversation | None:
    key = domain.participants_key([caller.user_id, *given.participant_ids])
    return await Conversations(session).find_same(key, given.booking_id)


async def _prepare_booking(runtime: Runtime, booking_id: UUID) -> None:
    async with runtime.db.read() as session:
        known = await Bookings(session).find(booking_id)
    if known is None:
        await fetch_missing_booking(runtime, booking_id)


async def _contacts(runtime: Runtime, caller: Caller, others: Sequence[UUID]) -> Sequence[Contact]:
    async with runtime.db.read() as session:
        return await Contacts(session).list(others, caller)


async def _own_booking(session: Session, booking_id: UUID, caller: Caller, others: Sequence[UUID]) -> Booking:
    """The booking, of which the caller is the client or the practitioner, and the only other participant the other."""
    booking = found(await Bookings(session).find(booking_id), "booking")
    if caller.user_id == booking.client_id:
        other = booking.practitioner_user_id
    elif caller.user_id == booking.practitioner_user_id:
        other = booking.client_id
    else:
        raise NotFound("There is no such booking.")
    if list(others) != [other]:
        raise NotABookingParty(field="participant_ids")
    return booking


def _is_allowed(caller: Caller, contact: Contact) -> bool:
    return domain.may_write(contact, by_practitioner=caller.may(Permission.WRITE_TO_OWN_CLIENTS))


def _check_allowed(caller: Caller, contacts: Sequence[Contact]) -> None:
    if not all(contact.is_known and contact.is_active for contact in contacts):
        raise NotFound("There is no such user.")
    if not all(_is_allowed(caller, contact) for contact in contacts) or domain.names_two_clients(contacts):
        raise NotAllowedToWrite
    if any(contact.is_blocked for contact in contacts):
        raise Blocked


async def _add(
    session: Session,
    user_ids: Sequence[UUID],
    booking: Booking | None,
    subject: str | None,
    *,
    opened_by: UUID | None = None,
) -> tuple[Conversation, bool]:
    key, booking_id = domain.participants_key(user_ids), None if booking is None else booking.id
    conversation = Conversation(
        id=new_id(),
        booking_id=booking_id,
        participants_key=key,
        subject=subject or (None if booking is None else booking.service_title),
        opened_by=opened_by,
        status=ConversationStatus.OPEN,
        last_seq=0,
        active_at=session.now(),
        created_at=session.now(),
    )
    if await Conversations(session).add(conversation):
        await Participants(session).add(conversation.id, user_ids)
        CONVERSATIONS.labels("people" if booking is None else "booking").inc()
        return conversation, True
    same = await Conversations(session).find_same(key, booking_id)
    assert same is not None
    return same, False
