"""HTTP of subscriptions, and under /internal what other services ask about them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.payments.billing import changes, pausing, service, staff, tiers
from services.payments.billing.errors import (
    AlreadySubscribed,
    IntervalNotOffered,
    OtherKind,
    PauseTooLong,
    PauseTooShort,
    PaymentDue,
    PeriodEndOnly,
    PlanInactive,
    PreviewExpired,
    SamePlan,
    SoldByStream,
)
from services.payments.billing.schemas import (
    Cancellation,
    ChangePreview,
    NewSubscription,
    Pause,
    PeriodView,
    PlanChoice,
    StaffCancellation,
    SubscriptionView,
    seen_by,
)
from services.payments.plans.domain import Interval, PlanKind
from services.payments.plans.errors import PriceBelowMinimum
from services.payments.runtime import Rt
from services.payments.stripe.errors import STRIPE_ERRORS
from services.payments.subscriptions.domain import CancelAt, SubscriptionStatus
from services.payments.subscriptions.repository import Periods, Subscriptions
from services.payments.subscriptions.settlement import snapshot_of
from shared.auth.permissions import Permission, PractitionerRequired
from shared.auth.verification import Caller
from shared.errors import ConflictOfInterest, NotFound, PaymentMethodRequired, Unavailable
from shared.internal.subscriptions import (
    ACCESS,
    PUT_TIER_PLAN,
    PUT_TIER_SUBSCRIPTION,
    KnownPlan,
    KnownSubscriptions,
    NewTierSubscription,
    TierPlan,
    TierSubscription,
)
from shared.records.money import AMOUNT_CODES
from shared.records.state import IllegalTransition
from shared.web.http import Idempotency, Route, SessionDep, Signed, called_by, confirmed, errors_of, needs
from shared.web.pagination import Listing, Paging

router = APIRouter(prefix="/api/v1/subscriptions", route_class=Route, tags=["subscriptions"])
internal = APIRouter(route_class=Route, dependencies=[called_by("booking", "streams")], include_in_schema=False)
admin = APIRouter(prefix="/api/v1/admin/subscriptions", route_class=Route, tags=["subscriptions"])
of_streams = APIRouter(route_class=Route, dependencies=[called_by("streams")], include_in_schema=False)


@router.post(
    "/",
    status_code=201,
    responses=errors_of(
        NotFound,
        PractitionerRequired,
        SoldByStream,
        PlanInactive,
        AlreadySubscribed,
        IntervalNotOffered,
        PaymentMethodRequired,
        *STRIPE_ERRORS,
    ),
)
async def create_subscription(
    body: NewSubscription, caller: Signed, once: Idempotency, runtime: Rt
) -> SubscriptionView:
    """Subscribes to a plan; active once the bill in `payment` is paid, which waits for 24 hours."""
    return await service.subscribe(runtime, caller, once, body)


@router.get("/")
async def list_subscriptions(
    caller: Signed,
    session: SessionDep,
    page: Paging,
    runtime: Rt,
    kind: PlanKind | None = None,
    status: SubscriptionStatus | None = None,
) -> Listing[SubscriptionView]:
    """The caller's subscriptions, newest first."""
    rows, total = await Subscriptions(session).list(caller, page, kind, status)
    views = [seen_by(caller, view) for view in await service.show(session, runtime, rows)]
    return Listing[SubscriptionView].of(views, total, page)


@router.get("/{subscription_id}/", responses=errors_of(NotFound))
async def get_subscription(subscription_id: UUID, caller: Signed, session: SessionDep, runtime: Rt) -> SubscriptionView:
    """One subscription; its user also sees the bill that is open."""
    subscription = await Subscriptions(session).visible_to(caller, subscription_id)
    (view,) = await service.show(session, runtime, [subscription])
    if subscription.user_id != caller.user_id:
        return view.model_copy(update={"payment": None})
    return seen_by(caller, view)


@router.get("/{subscription_id}/periods/", responses=errors_of(NotFound))
async def list_subscription_periods(
    subscription_id: UUID, caller: Signed, session: SessionDep, page: Paging
) -> Listing[PeriodView]:
    """The periods that have begun, newest first, each with its bill."""
    await Subscriptions(session).visible_to(caller, subscription_id)
    rows, total = await Periods(session).list(subscription_id, page)
    return Listing[PeriodView].of([PeriodView.of(row) for row in rows], total, page)


@router.get(
    "/{subscription_id}/preview/",
    responses=errors_of(
        NotFound, IllegalTransition, PaymentDue, PlanInactive, OtherKind, SamePlan, IntervalNotOffered, Unavailable
    ),
)
async def preview_subscription_change(
    subscription_id: UUID, plan_id: UUID, interval: Interval, caller: Signed, runtime: Rt
) -> ChangePreview:
    """What another plan, or another interval, would cost now, and when it would be in force."""
    wanted = PlanChoice(plan_id=plan_id, interval=interval)
    return await changes.preview(runtime, caller, subscription_id, wanted)


@router.post(
    "/{subscription_id}/change/",
    responses=errors_of(
        NotFound,
        IllegalTransition,
        PaymentDue,
        PlanInactive,
        OtherKind,
        SamePlan,
        IntervalNotOffered,
        PreviewExpired,
        *STRIPE_ERRORS,
    ),
)
async def change_subscription(
    subscription_id: UUID, body: PlanChoice, caller: Signed, once: Idempotency, runtime: Rt
) -> SubscriptionView:
    """Changes the plan or the interval. What is due is charged at once to the default card, and the plan is in force
    when it is paid, which it can be for 24 hours; what costs less waits for the period's end."""
    return seen_by(caller, await changes.change(runtime, caller, once, subscription_id, body))


@router.post(
    "/{subscription_id}/cancel/", responses=errors_of(NotFound, IllegalTransition, PeriodEndOnly, *STRIPE_ERRORS)
)
async def cancel_subscription(
    subscription_id: UUID, caller: Signed, once: Idempotency, runtime: Rt, body: Cancellation | None = None
) -> SubscriptionView:
    """Ends it at the end of what is paid, or now where nothing is."""
    return await service.cancel(runtime, caller, once, subscription_id, body.at if body else CancelAt.PERIOD_END)


@router.post("/{subscription_id}/reactivate/", responses=errors_of(NotFound, IllegalTransition, *STRIPE_ERRORS))
async def reactivate_subscription(
    subscription_id: UUID, caller: Signed, once: Idempotency, runtime: Rt
) -> SubscriptionView:
    """Undoes a change of plan that is pending, or a cancellation until its moment has come."""
    return await service.reactivate(runtime, caller, once, subscription_id)


@admin.post(
    "/{subscription_id}/cancel/",
    dependencies=[confirmed(Permission.CANCEL_SUBSCRIPTIONS)],
    responses=errors_of(NotFound, ConflictOfInterest, IllegalTransition, *STRIPE_ERRORS),
)
async def cancel_subscription_as_staff(
    subscription_id: UUID,
    body: StaffCancellation,
    caller: Annotated[Caller, needs(Permission.CANCEL_SUBSCRIPTIONS)],
    once: Idempotency,
    runtime: Rt,
) -> SubscriptionView:
    """Ends it at the end of what is paid, or now, and refunds nothing, what is unused, or all of the current period."""
    ended = await staff.cancel(runtime, caller, once, subscription_id, body)
    return ended.model_copy(update={"payment": None})


@internal.get(ACCESS.path)
async def list_access(user_id: UUID, kind: PlanKind, session: SessionDep) -> KnownSubscriptions:
    """The user's subscriptions of that kind as events have them: those that have not ended, or still give access."""
    theirs = await Subscriptions(session).that_matter(user_id, kind)
    return KnownSubscriptions(results=[snapshot_of(each) for each in theirs])


@of_streams.put(PUT_TIER_PLAN.path, responses=errors_of(NotFound, PriceBelowMinimum, *AMOUNT_CODES))
async def put_tier_plan(plan_id: UUID, body: TierPlan, session: SessionDep, runtime: Rt) -> KnownPlan:
    """Offers a stream's tier, or takes it off; who has subscribed to it keeps their terms while the stream is there."""
    return KnownPlan.model_validate(await tiers.put_plan(session, plan_id, body, runtime.settings.currency))


@of_streams.put(
    PUT_TIER_SUBSCRIPTION.path,
    responses=errors_of(NotFound, PlanInactive, AlreadySubscribed, IntervalNotOffered, *STRIPE_ERRORS),
)
async def put_tier_subscription(subscription_id: UUID, body: NewTierSubscription, runtime: Rt) -> TierSubscription:
    """Subscribes a user to a stream's tier, or answers the subscription that this id has already."""
    return await service.subscribe_to_tier(runtime, subscription_id, body)


@router.post("/{subscription_id}/pause/", responses=errors_of(NotFound, IllegalTransition, PauseTooShort, PauseTooLong))
async def pause_subscription(
    subscription_id: UUID, caller: Signed, session: SessionDep, runtime: Rt, body: Pause | None = None
) -> SubscriptionView:
    """From the end of what is paid it is not billed and gives no access, until then or until it is resumed."""
    paused = await pausing.pause(session, caller, subscription_id, body.until if body else None)
    (view,) = await service.show(session, runtime, [paused])
    return view


@router.post("/{subscription_id}/resume/", responses=errors_of(NotFound, IllegalTransition, *STRIPE_ERRORS))
async def resume_subscription(
    subscription_id: UUID, caller: Signed, once: Idempotency, runtime: Rt
) -> SubscriptionView:
    """Takes back a pause that has not begun; ends one that has: a new period begins and is charged."""
    return await service.resume(runtime, caller, once, subscription_id)
