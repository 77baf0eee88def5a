"""What participants refuse, and the stable codes of it."""

from shared.errors import Conflict, Forbidden, Invalid


class NotAllowedToWrite(Forbidden):
    """Neither a verified practitioner, nor a client who has booked with or written to the calling practitioner.

    Or more than one client: they need not know of each other.
    """

    code = "not_allowed_to_write"
    detail = "You may write to verified practitioners, and as one to a single client who has booked or written."


class Blocked(Forbidden):
    """One of the two has blocked the other."""

    code, detail = "blocked", "One of you has blocked the other."


class FixedParticipants(Conflict):
    """A conversation of two, or one about a booking, cannot be left."""

    code, detail = "fixed_members", "Only a conversation of three or more can be left."


class CannotMessageSelf(Invalid):
    """The participants to name are the others."""

    code, detail = "writes_to_oneself", "You cannot write to yourself. Name the other participants only."


class NotABookingParty(Invalid):
    """A conversation about a booking is one of its client and its practitioner."""

    code, detail = "not_of_this_booking", "Only the client and the practitioner of the booking take part."


class UserToBlockMissing(Invalid):
    """In a group the user to block has to be named."""

    code, detail = "missing", "In a conversation of several, name the user_id to block."
