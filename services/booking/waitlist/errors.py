"""What waitlists refuse."""

from shared.errors import Conflict, Invalid


class NotFull(Conflict):
    """There is a seat: nobody need wait for one."""

    code, detail = "not_full", "There are free places at this time. Book one."


class NoWaitlist(Conflict):
    """No seat of that start would be offered to anybody."""

    code, detail = "no_waitlist", "There is no waitlist for this time."


class OfferExpired(Conflict):
    """The entry holds no seat, or no longer."""

    code, detail = "offer_expired", "No place is offered to you here, or the offer has run out."


class UnknownClient(Invalid):
    """Nobody has an account with that id."""

    code, detail, field = "unknown_client", "There is no such client.", "client_id"
