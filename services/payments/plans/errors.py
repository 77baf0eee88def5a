"""Why a plan cannot be had, or made."""

from shared.errors import Conflict, Invalid


class CodeTaken(Conflict):
    """Another plan has this code."""

    code, detail, field = "code_taken", "Another plan has this code.", "code"


class StalePlan(Conflict):
    """The plan was changed since it was read."""

    code, detail, field = "version_conflict", "The plan was changed since you read it. Read it again.", "version"


class KindFixed(Invalid):
    """Subscriptions are of the plan's kind."""

    code, detail, field = "kind_fixed", "A plan keeps its kind. Make another plan.", "kind"


class PriceBelowMinimum(Invalid):
    """The price is neither zero nor enough for a card."""

    code, detail = "below_minimum_charge", "A price is zero, or at least what a card can be charged."
