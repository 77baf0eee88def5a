"""Rules of conversations: who may write to whom, what makes two conversations the same, how frames are numbered."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID, uuid5

MEMBERS = 200
GROUP = 3
"""From so many members on one may leave."""
BODY_LENGTH = 10_000
UNCONFIRMED = frozenset({"pending_payment", "expired"})
"""States of a booking that never was confirmed: there is nothing yet that its two sides could talk about."""


class ConversationStatus(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class ReportStatus(StrEnum):
    OPEN = "open"
    DISMISSED = "dismissed"
    UPHELD = "upheld"


@dataclass(frozen=True, slots=True)
class Contact:
    """What is known of somebody to whom a person wants to write.

    `has_booked` and `has_written`: with, and to, the person who asks. `is_blocked`: by either of the two.
    """

    user_id: UUID
    is_known: bool = False
    is_active: bool = True
    is_verified: bool = False
    has_booked: bool = False
    has_written: bool = False
    is_blocked: bool = False


@dataclass(frozen=True, slots=True)
class Other:
    """Another member of a conversation, as the one who writes stands to them."""

    user_id: UUID
    is_active: bool
    is_blocked: bool


def may_write(contact: Contact, *, by_practitioner: bool) -> bool:
    """Anybody to a verified practitioner; a practitioner to who has booked with them or written to them."""
    return contact.is_verified or (by_practitioner and (contact.has_booked or contact.has_written))


def names_two_clients(contacts: Iterable[Contact]) -> bool:
    """Clients of a practitioner need not know of each other."""
    return sum(not contact.is_verified for contact in contacts) > 1


def is_blocked(others: Iterable[Other]) -> bool:
    """A block closes a conversation of two; in a larger one it only keeps the two from hearing of each other."""
    all_others = list(others)
    return len(all_others) == 1 and all_others[0].is_blocked


def is_deserted(others: Iterable[Other]) -> bool:
    """Nobody is left who could read."""
    return not any(other.is_active for other in others)


def participants_key(user_ids: Iterable[UUID]) -> str:
    """Equal for the same people in whatever order."""
    return hashlib.sha256(",".join(str(user_id) for user_id in sorted(set(user_ids))).encode()).hexdigest()


def key_of_its_own(conversation_id: UUID) -> str:
    """For a conversation that somebody has left: it is found under its people no more."""
    return participants_key([conversation_id])


def feed_key(conversation_id: UUID) -> str:
    """The name that hints use for a conversation's frames."""
    return f"chat:{conversation_id}"


def receipt_frame_id(conversation_id: UUID, seq: int) -> UUID:
    """The id of the receipt frame with that number: the same in every process, and its number can be read back."""
    return _numbered(seq, uuid5(conversation_id, str(seq)).int)


def passing_frame_id(seq: int) -> UUID:
    """A fresh id for a frame that is not stored; resuming after it resumes after the stored frame `seq`."""
    return _numbered(seq, secrets.randbits(128))


def number_in(frame_id: UUID) -> int | None:
    """The number that such an id carries; None for a message's id."""
    return frame_id.int >> 80 if frame_id.version == 8 else None


def _numbered(seq: int, tail: int) -> UUID:
    """A UUIDv8 (RFC 9562): 48 bits of number, the rest from `tail`."""
    return UUID(int=seq << 80 | 0x8 << 76 | (tail >> 62 & 0xFFF) << 64 | 0b10 << 62 | tail & (2**62 - 1))


CONVERSATION_TRANSITIONS: dict[ConversationStatus, frozenset[ConversationStatus]] = {
    ConversationStatus.OPEN: frozenset({ConversationStatus.CLOSED}),
    ConversationStatus.CLOSED: frozenset(),
}

REPORT_TRANSITIONS: dict[ReportStatus, frozenset[ReportStatus]] = {
    ReportStatus.OPEN: frozenset({ReportStatus.DISMISSED, ReportStatus.UPHELD}),
    ReportStatus.DISMISSED: frozenset(),
    ReportStatus.UPHELD: frozenset(),
}
