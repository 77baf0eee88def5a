"""The use cases of conversations: open, write, read, block; erase what a person leaves behind."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from services.messaging import domain
from services.messaging.contacts import Blocks, Bookings, Contacts, People
from services.messaging.domain import Contact, ConversationStatus, Other
from services.messaging.errors import (
    Blocked,
    CannotMessageSelf,
    ConversationClosed,
    NotABookingParty,
    NotAllowedToWrite,
    UserToBlockMissing,
)
from services.messaging.metrics import CONVERSATIONS, MESSAGES, RESENT
from services.messaging.models import Booking, Conversation, Message
from services.messaging.peers import learn_booking, learn_people, learn_practitioners
from services.messaging.presence import Presence
from services.messaging.repository import Conversations, Members, Messages
from services.messaging.rooms import Rooms
from services.messaging.schemas import NewConversation, NewMessage
from services.messaging.writing import Standing, lock, store
from shared.auth.verification import Who
from shared.database import idempotency
from shared.database.session import Session
from shared.errors import AppError, Conflict, NotFound
from shared.events.messaging import ConversationRead, MessageCreated, SubjectForgotten
from shared.live.sockets import Hints
from shared.messaging.outbox import emit
from shared.records.ids import new_id
from shared.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Sent:
    """A message, and whether it was stored just now: not when it came before under the same client_id."""

    message: Message
    is_new: bool


async def prepare(runtime: Runtime, who: Who, given: NewConversation) -> None:
    """Asks the other services about people and bookings that no event has told of yet. Not inside a transaction.

    Raises NotFound for who or what exists nowhere.
    """
    others = _others(who, given)
    async with runtime.db.read() as session:
        if await _find(session, who, given):
            return
    if given.booking_id is not None:
        await _prepare_booking(runtime, given.booking_id)
        return
    if strangers := [contact.user_id for contact in await _contacts(runtime, who, others) if not contact.is_known]:
        await learn_people(runtime, strangers)
    contacts = await _contacts(runtime, who, others)
    if doubtful := [contact.user_id for contact in contacts if not _is_allowed(who, contact)]:
        await learn_practitioners(runtime, doubtful)


async def open_conversation(session: Session, who: Who, given: NewConversation) -> tuple[Conversation, bool]:
    """The conversation of these people (and booking), and whether it is new."""
    others = _others(who, given)
    booking = None if given.booking_id is None else await _own_booking(session, who, given.booking_id, others)
    if same := await _find(session, who, given):
        return same, False
    if booking is None:
        _check_allowed(who, await Contacts(session).of(who, others))
    elif any(contact.is_blocked for contact in await Contacts(session).of(who, others)):
        raise Blocked
    return await _add(session, [who.user_id, *others], booking, given.subject, opened_by=who.user_id)


async def open_for_booking(session: Session, booking: Booking) -> None:
    """What a confirmed booking does by itself; nothing where its sides opened it before."""
    await Bookings(session).put(booking)
    await _add(session, [booking.client_id, booking.practitioner_user_id], booking, None)


async def send(session: Session, who: Who, conversation_id: UUID, given: NewMessage) -> Sent:
    """Stores the message as the next of the conversation, once per client_id."""
    standing = await lock(session, who, conversation_id)
    refusal = _refusal(standing.status, standing.others)
    message = _message(session, who, conversation_id, standing.last_seq + 1, given)
    if refusal is None and await store(session, message):
        _tell_of(session, standing, message)
        return Sent(message, is_new=True)
    known = await Messages(session).find_sent(conversation_id, who.user_id, given.client_id)
    if known is not None:
        RESENT.inc()
        return Sent(known, is_new=False)
    raise refusal or Conflict("The message could not be stored.")


async def check_may_write(session: Session, who: Who, conversation_id: UUID) -> None:
    """Raises what `send` would raise."""
    conversation = await Conversations(session).get(who, conversation_id)
    refusal = _refusal(conversation.status, await Members(session).others(who, conversation_id))
    if refusal is not None:
        raise refusal


async def mark_read(session: Session, who: Who, conversation_id: UUID, up_to: UUID) -> None:
    """Moves the reader on to that message and tells the others; a message that was read before changes nothing."""
    members = Members(session)
    await members.get(who, conversation_id)
    message = await Messages(session).get(conversation_id, up_to)
    if message.seq <= (await members.get(who, conversation_id)).read_seq:
        return
    conversation = await Conversations(session).get(who, conversation_id, lock=True)
    member = await members.get(who, conversation_id)
    if message.seq <= member.read_seq:
        return
    conversation.last_seq += 1
    member.receipt_seq, member.read_seq = conversation.last_seq, message.seq
    member.read_up_to, member.read_at = message.id, session.now()
    await session.flush()
    unread = (await members.unread(who.user_id, [conversation_id])).get(conversation_id, 0)
    emit(
        session,
        ConversationRead(
            conversation_id=conversation_id,
            user_id=who.user_id,
            up_to=message.id,
            unread_count=unread,
            read_at=session.now(),
        ),
    )
    _hint(session, conversation_id)


async def block(session: Session, who: Who, conversation_id: UUID, user_id: UUID | None) -> None:
    """Whom one blocks, one neither writes to nor hears of; in a conversation of two it is the other."""
    await Blocks(session).add(who, await _meant(session, who, conversation_id, user_id))


async def unblock(session: Session, who: Who, conversation_id: UUID, user_id: UUID | None) -> None:
    """Takes one's own block back; the other's stays."""
    await Blocks(session).remove(who, await _meant(session, who, conversation_id, user_id))


async def forget(session: Session, user_id: UUID, *, words: bool) -> None:
    """A deactivated person's name goes; what they wrote stays with the others, unless `words` are to go too."""
    await People(session).forget_name(user_id, session.now())
    if words:
        for conversation_id in await People(session).erase_content(user_id):
            members = await Members(session).ever(conversation_id)
            emit(session, SubjectForgotten(conversation_id=conversation_id, member_ids=members))
        await idempotency.forget(session, user_id, mentions=True)


def _others(who: Who, given: NewConversation) -> list[UUID]:
    others = sorted(set(given.participant_ids))
    if who.user_id in others:
        raise CannotMessageSelf(field="participant_ids")
    return others


async def _find(session: Session, who: Who, given: NewConversation) -> Conversation | None:
    key = domain.participants_key([who.user_id, *given.participant_ids])
    return await Conversations(session).find_same(key, given.booking_id)


async def _prepare_booking(runtime: Runtime, booking_id: UUID) -> None:
    async with runtime.db.read() as session:
        known = await Bookings(session).find(booking_id)
    if known is None:
        await learn_booking(runtime, booking_id)


async def _contacts(runtime: Runtime, who: Who, others: Sequence[UUID]) -> Sequence[Contact]:
    async with runtime.db.read() as session:
        return await Contacts(session).of(who, others)


async def _own_booking(session: Session, who: Who, booking_id: UUID, others: Sequence[UUID]) -> Booking:
    booking = await Bookings(session).find(booking_id)
    sides = set() if booking is None else {booking.client_id, booking.practitioner_user_id}
    if booking is None or who.user_id not in sides:
        raise NotFound("There is no such booking.")
    if sides != {who.user_id, *others}:
        raise NotABookingParty(field="participant_ids")
    return booking


def _is_allowed(who: Who, contact: Contact) -> bool:
    return domain.may_write(contact, by_practitioner=who.is_practitioner)


def _check_allowed(who: Who, contacts: Sequence[Contact]) -> None:
    if not all(contact.is_known and contact.is_active for contact in contacts):
        raise NotFound("There is no such user.")
    if not all(_is_allowed(who, contact) for contact in contacts) or domain.names_two_clients(contacts):
        raise NotAllowedToWrite
    if any(contact.is_blocked for contact in contacts):
        raise Blocked


async def _add(
    session: Session,
    members: Sequence[UUID],
    booking: Booking | None,
    subject: str | None,
    *,
    opened_by: UUID | None = None,
) -> tuple[Conversation, bool]:
    key, booking_id = domain.participants_key(members), None if booking is None else booking.id
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
    if await Conversations(session).add(conversation, members):
        CONVERSATIONS.labels("people" if booking is None else "booking").inc()
        return conversation, True
    same = await Conversations(session).find_same(key, booking_id)
    assert same is not None
    return same, False


def _refusal(status: ConversationStatus, others: Sequence[Other]) -> AppError | None:
    if domain.is_blocked(others):
        return Blocked()
    if status is ConversationStatus.CLOSED or domain.is_deserted(others):
        return ConversationClosed()
    return None


def _message(session: Session, who: Who, conversation_id: UUID, seq: int, given: NewMessage) -> Message:
    return Message(
        id=new_id(),
        conversation_id=conversation_id,
        seq=seq,
        sender_id=who.user_id,
        body=given.body,
        client_id=given.client_id,
        created_at=session.now(),
    )


def _tell_of(session: Session, standing: Standing, message: Message) -> None:
    recipients = [other.user_id for other in standing.others if other.is_active and not other.is_blocked]
    presence = cast(Presence, session.info["presence"])
    emit(
        session,
        MessageCreated(
            conversation_id=message.conversation_id,
            message_id=message.id,
            sender_id=message.sender_id,
            recipient_ids=recipients,
            away_ids=presence.away(message.conversation_id, recipients),
            booking_id=standing.booking_id,
            subject=standing.subject,
            created_at=message.created_at,
        ),
    )
    rooms = cast(Rooms, session.info["rooms"])
    session.after_commit(lambda: rooms.offer(message))
    session.after_commit(MESSAGES.inc)
    _hint(session, message.conversation_id, seq=message.seq)


def _hint(session: Session, conversation_id: UUID, **more: int) -> None:
    cast(Hints, session.info["hints"]).after_commit(session, [domain.feed_key(conversation_id)], **more)


async def _meant(session: Session, who: Who, conversation_id: UUID, user_id: UUID | None) -> UUID:
    await Members(session).get(who, conversation_id)
    others = [other.user_id for other in await Members(session).others(who, conversation_id)]
    if user_id is None and len(others) != 1:
        raise UserToBlockMissing(field="user_id")
    if user_id is not None and user_id not in others:
        raise NotFound("There is no such person in this conversation.")
    return user_id or others[0]
