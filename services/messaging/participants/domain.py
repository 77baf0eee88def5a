"""Who may write to whom, and what makes two conversations the same."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

MOST_PARTICIPANTS = 200
SMALLEST_GROUP = 3
"""From so many participants on one may leave."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A user to whom the caller wants to write.

    `has_booked` and `has_written`: with, and to, the caller. `is_blocked`: by either of the two.
    """

    user_id: UUID
    is_known: bool = False
    is_active: bool = True
    is_verified: bool = False
    has_booked: bool = False
    has_written: bool = False
    is_blocked: bool = False


@dataclass(frozen=True, slots=True)
class OtherParticipant:
    """A participant beside the caller. `is_blocked`: by either of the two."""

    user_id: UUID
    is_active: bool
    is_blocked: bool


def may_write(contact: Contact, *, by_practitioner: bool) -> bool:
    """Every user to a verified practitioner; a practitioner to a client who has booked with or written to them."""
    return contact.is_verified or (by_practitioner and (contact.has_booked or contact.has_written))


def names_two_clients(contacts: Iterable[Contact]) -> bool:
    """Clients of a practitioner need not know of each other."""
    return sum(not contact.is_verified for contact in contacts) > 1


def is_blocked(others: Iterable[OtherParticipant]) -> bool:
    """A block closes a conversation of two; in a larger one the two only get no notifications of each other."""
    all_others = list(others)
    return len(all_others) == 1 and all_others[0].is_blocked


def is_deserted(others: Iterable[OtherParticipant]) -> bool:
    """No other participant has an active account."""
    return not any(other.is_active for other in others)


def participants_key(user_ids: Iterable[UUID]) -> str:
    """Equal for the same users in any order."""
    return hashlib.sha256(",".join(str(user_id) for user_id in sorted(set(user_ids))).encode()).hexdigest()


def key_after_departure(conversation_id: UUID) -> str:
    """The key of a conversation that a user has left: it is not found by its participants any more."""
    return participants_key([conversation_id])
