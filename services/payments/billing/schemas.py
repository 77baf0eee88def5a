"""Bodies and answers of subscriptions."""

from typing import Literal, Self
from uuid import UUID

from services.payments.memberships.repository import Benefits
from services.payments.orders.domain import Outcome, outcome_of
from services.payments.orders.models import Order
from services.payments.orders.paying import Tried
from services.payments.plans.domain import Interval, PlanKind
from services.payments.plans.schemas import PlanView
from services.payments.subscriptions.domain import CancelAt, EndReason, PeriodStatus, RefundOf, SubscriptionStatus
from services.payments.subscriptions.models import Period, PlanChange, Subscription
from services.payments.subscriptions.proration import Effective, Quote
from shared.auth.scopes import PAYS
from shared.auth.verification import Caller
from shared.internal.payments import CardError
from shared.records.money import Money
from shared.web.http import Body, UtcTime, View


class NewSubscription(Body):
    """Which plan, and how often it is billed. The first bill is charged at once to a saved card, if one is named."""

    plan_id: UUID
    interval: Interval
    payment_method_id: UUID | None = None


class PlanChoice(Body):
    """Another plan, or another interval. With `prorate_at` of a preview at its figures, for ten minutes."""

    plan_id: UUID
    interval: Interval
    prorate_at: UtcTime | None = None


class Cancellation(Body):
    """`period_end`: at the end of what is paid, or of the trial; what is unpaid ends now."""

    at: CancelAt = CancelAt.PERIOD_END


class StaffCancellation(Body):
    """When it ends, also where it is paid, and what of the current period's bills goes back: nothing, the share of the
    time that is left then, or all."""

    at: CancelAt
    refund: RefundOf


class Pause(Body):
    """`until`: when it resumes by itself, at most 180 days after the end of what is paid; none: after these."""

    until: UtcTime | None = None


class BillView(View):
    """A bill that is to be paid with /payments/confirm/ or Stripe.js. `status`: what a try to pay led to, or
    `requires_payment_method`; `error`: why the last try was refused; `next_action_url`: where the client's bank waits
    for them."""

    order_id: UUID
    client_secret: str | None
    publishable_key: str
    amount_due: Money
    status: Literal["requires_payment_method", "requires_action", "processing", "failed"]
    error: CardError | None = None
    next_action_url: str | None = None
    expires_at: UtcTime

    @classmethod
    def of(cls, order: Order, publishable_key: str, tried: Tried | None) -> Self:
        """The bill as it is now, and how it was tried just now."""
        return cls.showing(
            order,
            order_id=order.id,
            client_secret=order.client_secret if order.payable else None,
            publishable_key=publishable_key,
            amount_due=order.due,
            status=tried.outcome.value if tried else _status_of(order),
            error=tried.view.error if tried else order.card_error,
            next_action_url=tried.next_action_url if tried else order.next_action_url,
        )


def _status_of(order: Order) -> str:
    """A try that failed leaves the bill as if there had been none."""
    outcome = outcome_of(order.intent_status) if order.intent_status else Outcome.FAILED
    return "requires_payment_method" if outcome is Outcome.FAILED else outcome.value


class BenefitsView(View):
    """What the present period of a membership has granted, and how many of its sessions are left."""

    credits_granted: Money
    sessions_left: int

    @classmethod
    def of(cls, benefits: Benefits, currency: str) -> Self:
        """The benefits in the subscription's currency."""
        return cls(credits_granted=Money(benefits.credits, currency), sessions_left=benefits.sessions)


class PendingChange(View):
    """A change of plan that is not in force yet: it waits for the period's end (`at`), or for the bill in `payment`."""

    plan_id: UUID
    interval: Interval
    at: UtcTime


class SubscriptionView(View):
    """A subscription at its own terms: `plan` and `price` are those of the moment when they were agreed.

    `access_until` alone says how long it gives access. `paused_until`: it pauses at the end of what is paid, or has
    done so, and resumes then. `retry_at`: when the unpaid bill is tried next. `benefits`: a membership's.
    """

    id: UUID
    kind: PlanKind
    plan: PlanView
    interval: Interval
    price: Money
    status: SubscriptionStatus
    current_period_start: UtcTime | None
    current_period_end: UtcTime | None
    access_until: UtcTime | None
    trial_until: UtcTime | None
    cancel_at: UtcTime | None
    pending_change: PendingChange | None
    paused_until: UtcTime | None
    retry_at: UtcTime | None
    end_reason: EndReason | None
    benefits: BenefitsView | None
    payment: BillView | None

    @classmethod
    def of(
        cls, subscription: Subscription, payment: BillView | None, benefits: Benefits | None, change: PlanChange | None
    ) -> Self:
        """The subscription as it is now, with the bill that can be paid and the change that is pending."""
        return cls.showing(
            subscription,
            plan=PlanView.model_validate(subscription.plan),
            pending_change=change and PendingChange.model_validate(change),
            benefits=benefits and BenefitsView.of(benefits, subscription.currency),
            payment=payment,
        )


class ChangePreview(View):
    """What a change of plan would do now: when it is in force, what it costs, and how many of the practitioner's
    services the plan would take off sale.

    `due` is `charge`, for what is left of the period, less `credit` for what was paid of that; too little for a card is
    nothing. With `prorate_at` the change can be had at these figures for ten minutes.
    """

    effective: Effective
    at: UtcTime
    charge: Money
    credit: Money
    due: Money
    prorate_at: UtcTime
    services_over_limit: int

    @classmethod
    def of(cls, quote: Quote, services_over_limit: int) -> Self:
        """The quote with what catalog says of services."""
        cost, currency = quote.proration, quote.currency
        return cls(
            effective=cost.effective,
            at=quote.at,
            charge=Money(cost.charge, currency),
            credit=Money(cost.credit, currency),
            due=Money(cost.due, currency),
            prorate_at=quote.prorate_at,
            services_over_limit=services_over_limit,
        )


WITHOUT_MEANS = {"client_secret": None, "next_action_url": None}


def seen_by(caller: Caller, view: SubscriptionView) -> SubscriptionView:
    """The view for that caller: its user sees the open bill, and what pays it only with a token that may pay."""
    if view.payment is None or caller.has_scope(PAYS):
        return view
    return view.model_copy(update={"payment": view.payment.model_copy(update=WITHOUT_MEANS)})


class PeriodView(View):
    """A period and its bill."""

    number: int
    start: UtcTime
    end: UtcTime
    order_id: UUID
    amount: Money
    status: PeriodStatus

    @classmethod
    def of(cls, period: Period) -> Self:
        """The period as it is now."""
        return cls.showing(period, start=period.start_at, end=period.end_at, amount=period.price)
