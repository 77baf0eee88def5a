"""Why somebody cannot subscribe."""

from shared.errors import Conflict, Invalid


class PlanInactive(Conflict):
    """The plan is not offered any more."""

    code, detail = "plan_inactive", "This plan is not offered any more."


class AlreadySubscribed(Conflict):
    """There is one subscription of a kind at a time."""

    code, detail = "already_subscribed", "You have a subscription of this kind. Change that one, or cancel it first."


class IntervalNotOffered(Invalid):
    """The plan has no price for it."""

    code, detail, field = "interval_not_offered", "This plan is not billed at this interval.", "interval"


class PeriodEndOnly(Invalid):
    """What is paid is used to its end."""

    code, detail, field = "period_end_only", "A paid period is not given back: this ends at its end.", "at"
