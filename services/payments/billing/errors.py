"""Why somebody cannot subscribe, or change to another plan."""

from shared.errors import Conflict, Invalid


class PlanInactive(Conflict):
    """The plan is not offered any more."""

    code, detail, field = "plan_inactive", "This plan is not offered any more.", "plan_id"


class AlreadySubscribed(Conflict):
    """There is one subscription of a kind at a time."""

    code, detail = "already_subscribed", "You have a subscription of this kind. Change that one, or cancel it first."


class IntervalNotOffered(Invalid):
    """The plan has no price for it."""

    code, detail, field = "interval_not_offered", "This plan is not billed at this interval.", "interval"


class SoldByStream(Invalid):
    """A tier is subscribed to at its stream, which knows who may."""

    code, detail, field = "sold_by_stream", "This plan is a tier of a stream. Subscribe to the stream.", "plan_id"


class PauseTooShort(Invalid):
    """Nothing would be paused."""

    code, detail, field = "pause_too_short", "A pause ends after what is paid, where it begins.", "until"


class PauseTooLong(Invalid):
    """Longer than a pause may be."""

    code, detail, field = "pause_too_long", "A pause lasts at most 180 days, from the end of what is paid.", "until"


class PeriodEndOnly(Invalid):
    """What is paid is used to its end."""

    code, detail, field = "period_end_only", "A paid period is not given back: this ends at its end.", "at"


class OtherKind(Invalid):
    """A subscription keeps its kind, and that to a tier its stream."""

    code, detail, field = "other_kind", "This plan is of another kind, or stream, than your subscription.", "plan_id"


class SamePlan(Invalid):
    """There is nothing to change."""

    code, detail, field = "same_plan", "You have this plan, billed at this interval.", "plan_id"


class PaymentDue(Conflict):
    """The bill of the first period, or of one that has begun, comes first."""

    code, detail = "payment_due", "A bill of this subscription is due. Pay it first."


class PreviewExpired(Invalid):
    """The figures of that moment cannot be had: it is long ago, ahead, or before the terms that are in force."""

    code, detail, field = "preview_expired", "These figures are out of date. Preview the change again.", "prorate_at"
