"""What subscribing to a stream refuses."""

from shared.errors import Conflict, Invalid, Unavailable


class OwnStream(Invalid):
    """Nobody pays for what is theirs."""

    code, detail = "own_stream", "This stream is yours: you see all of it."


class SalesSuspended(Conflict):
    """Who sells it is suspended, or has lost the approval."""

    code, detail = "sales_suspended", "This stream takes no new subscriptions now."


class SubscriptionActive(Conflict):
    """Following is part of a subscription."""

    code, detail = "subscription_active", "You have a subscription to this stream. Cancel it first."


class StreamInUse(Conflict):
    """Fans have paid for it."""

    code, detail = "stream_in_use", "Somebody has a subscription to this stream."


class AlreadySubscribed(Conflict):
    """Payments passes on that there is one subscription of a stream at a time."""

    code, detail = "already_subscribed", "You have a subscription to this stream. Change that one, or cancel it first."


class PlanInactive(Conflict):
    """Payments passes on that the tier was taken off in this moment."""

    code, detail = "plan_inactive", "This plan is not offered any more."


class StripeRefused(Conflict):
    """Payments passes on that Stripe refuses the payment."""

    code, detail = "stripe_refused", "The payment provider refused this."


class StripeUnavailable(Unavailable):
    """Payments passes on that Stripe does not answer."""

    code = "stripe_unavailable"
    detail = "The payment provider does not answer. Try again soon; nothing is charged twice."


SALE_REFUSALS = (AlreadySubscribed, PlanInactive, "interval_not_offered", StripeRefused, StripeUnavailable)
