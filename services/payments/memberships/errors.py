"""Why a membership does not pay a seat."""

from shared.errors import Conflict, Forbidden, Invalid


class SubscriptionRequired(Forbidden):
    """The client has no membership now."""

    code, detail = "subscription_required", "You need a membership for this."


class NotCovered(Invalid):
    """The price is higher than what a session pays, or there is none to pay."""

    code, detail, field = "not_covered", "Your membership does not pay seats of this price.", "use_membership"


class NoSessionsLeft(Conflict):
    """The present period's sessions are used up, or it is not paid yet."""

    code, detail = "no_sessions_left", "No sessions of your membership are left in this period."


MEMBERSHIP_REFUSALS = (SubscriptionRequired, NotCovered, NoSessionsLeft)
