"""What streams refuses."""

from shared.errors import Conflict, Forbidden, Invalid


class Locked(Forbidden):
    """The post is there, but its body, comments and poll need a higher tier."""

    code, detail = "locked", "This post needs a higher tier of its stream."


class NotAvailable(Invalid):
    """Nothing can be bought yet: neither tiers, nor tips."""

    code, detail = "not_available", "This cannot be bought yet."


class BelowMinimumCharge(Invalid):
    """The price of a tier is neither zero nor enough for a card."""

    code, detail = "below_minimum_charge", "A price is zero, or at least what a card can be charged."


class UnknownTier(Invalid):
    """The stream has no tier of that level."""

    code, detail = "unknown_tier", "The stream has no tier of this level."


class TierInUse(Conflict):
    """Posts or followers need a tier that was to be taken away."""

    code, detail = "tier_in_use", "Posts or followers are on a tier that was left out."


class AlreadyVoted(Conflict):
    """One vote per person, and it stays."""

    code, detail = "already_voted", "You have voted in this poll."


class PollClosed(Conflict):
    """The poll's time is over."""

    code, detail = "poll_closed", "This poll is closed."


class PollFixed(Conflict):
    """People may have seen the poll."""

    code, detail = "poll_fixed", "A poll cannot be changed once its post is published."


class NoReplyToReply(Invalid):
    """Replies are one level deep."""

    code, detail = "reply_to_reply", "A reply cannot be replied to; reply to the comment above it."

    def __init__(self) -> None:
        """Names the field."""
        super().__init__(field="parent_id")
