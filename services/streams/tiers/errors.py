"""What tiers refuse."""

from shared.errors import Conflict, Invalid


class NotAvailable(Invalid):
    """Neither tiers nor tips can be bought yet."""

    code, detail = "not_available", "This cannot be bought yet."


class BelowMinimumCharge(Invalid):
    """The price of a tier is neither zero nor enough for a card."""

    code, detail = "below_minimum_charge", "A price is zero, or at least what a card can be charged."


class UnknownTier(Invalid):
    """The stream has no tier of that level."""

    code, detail = "unknown_tier", "The stream has no tier of this level."


class TierInUse(Conflict):
    """Posts or followers are on a tier that was to be removed."""

    code, detail = "tier_in_use", "Posts or followers are on a tier that was left out."
