"""What messaging refuses, and the stable codes of it."""

from shared.errors import Conflict, Forbidden, Invalid


class NotAllowedToWrite(Forbidden):
    """Neither a verified practitioner, nor somebody who has booked with or written to the practitioner who asks.

    Or more than one client: they need not know of each other.
    """

    code = "not_allowed_to_write"
    detail = "You may write to verified practitioners, and as one to a single client who has booked or written."


class Blocked(Forbidden):
    """One of the two has blocked the other."""

    code, detail = "blocked", "One of you has blocked the other."


class ConversationClosed(Conflict):
    """Closed by staff, or nobody else is left in it."""

    code, detail = "conversation_closed", "This conversation is closed: it can be read, not written to."


class BookingNotConfirmed(Conflict):
    """The booking was never confirmed, so its two sides have nothing to talk about yet."""

    code, detail = "booking_not_confirmed", "This booking is not confirmed."


class FixedMembers(Conflict):
    """Nobody leaves a conversation of two, or one about a booking."""

    code, detail = "fixed_members", "Only a conversation of three or more can be left."


class CannotMessageSelf(Invalid):
    """The participants are the others."""

    code, detail = "writes_to_oneself", "participant_ids are the others: nobody writes to themselves."


class NotABookingParty(Invalid):
    """A conversation about a booking is one of its client and its practitioner."""

    code, detail = "not_of_this_booking", "Only the client and the practitioner of the booking take part."


class UserToBlockMissing(Invalid):
    """In a group it must be said whom to block."""

    code, detail = "missing", "In a conversation of several, name the user_id to block."
