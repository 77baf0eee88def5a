"""Use cases of paid tiers: payments sells them, and says what they give."""

from uuid import UUID

from services.streams.follows.schemas import NewFollow, SubscribedView
from services.streams.runtime import StreamsRuntime
from services.streams.streams import service
from services.streams.streams.repository import Streams
from services.streams.subscriptions.errors import OwnStream, SalesSuspended
from services.streams.subscriptions.repository import STREAM_TIER, Subscriptions
from services.streams.tiers import service as tiers
from services.streams.tiers.domain import FREE
from services.streams.tiers.models import plan_id_of
from services.streams.tiers.repository import PlanUpdates
from shared.auth.scopes import PAYS
from shared.auth.verification import Caller
from shared.database.idempotency import IdempotentOperation
from shared.database.session import Session
from shared.errors import NotFound, Unavailable
from shared.events.subscriptions import (
    SubscriptionSnapshot,
)
from shared.internal.subscriptions import (
    ACCESS,
    PUT_TIER_SUBSCRIPTION,
    NewTierSubscription,
    ShownSubscription,
    TierSubscription,
)
from shared.records.prices import PriceChanged


async def follow(
    runtime: StreamsRuntime, caller: Caller, once: IdempotentOperation, stream_id: UUID
) -> tuple[int, SubscribedView]:
    """The caller follows the stream; the answer's status says whether they are new. Raises NotFound."""
    async with runtime.db.transaction() as session:
        await once.start(session)
        status = 201 if await service.follow(session, stream_id, caller.user_id) else 200
        view = SubscribedView(stream_id=stream_id, tier_level=FREE)
        await once.done(session, status, view)
    return status, view


async def subscribe(
    runtime: StreamsRuntime, caller: Caller, once: IdempotentOperation, stream_id: UUID, given: NewFollow
) -> SubscribedView:
    """Subscribes the caller to a paid tier, by a subscription of the operation's id: again it is the same one.

    Raises NotFound, UnknownTier, PriceChanged, OwnStream, SalesSuspended, what payments refuses, and Unavailable.
    """
    if given.payment_method_id is not None:
        caller.demand_scope(PAYS)
    async with runtime.db.transaction() as session:
        await once.start(session)
        await _check_for_sale(session, stream_id, caller, given)
        unsent = await PlanUpdates(session).find(stream_id, given.tier_level)
    if unsent is not None:
        await tiers.send(runtime, unsent)
    made = await _subscribed(runtime, once.id, caller.user_id, stream_id, given)
    async with runtime.db.transaction() as session:
        await keep(session, made.snapshot)
        shown = made.shown if caller.has_scope(PAYS) else _without_means(made.shown)
        view = SubscribedView(stream_id=stream_id, tier_level=given.tier_level, subscription=shown)
        await once.done(session, 201, view)
    return view


async def _check_for_sale(session: Session, stream_id: UUID, caller: Caller, given: NewFollow) -> None:
    stream = await Streams(session).get(stream_id)
    tier = await tiers.existing(session, stream_id, given.tier_level)
    if given.expected_price not in (None, tier.price):
        raise PriceChanged(tier.price)
    if stream.owner_id == caller.user_id:
        raise OwnStream
    if not await Streams(session).may_sell(stream):
        raise SalesSuspended


async def _subscribed(
    runtime: StreamsRuntime, subscription_id: UUID, user_id: UUID, stream_id: UUID, given: NewFollow
) -> TierSubscription:
    wanted = NewTierSubscription(
        user_id=user_id,
        plan_id=plan_id_of(stream_id, given.tier_level),
        interval=given.interval,
        payment_method_id=given.payment_method_id,
    )
    return await runtime.peers.ask(PUT_TIER_SUBSCRIPTION, wanted, subscription_id=subscription_id)


WITHOUT_MEANS = {"client_secret": None, "next_action_url": None}


def _without_means(shown: ShownSubscription) -> ShownSubscription:
    if shown.payment is None:
        return shown
    return shown.model_copy(update={"payment": shown.payment.model_copy(update=WITHOUT_MEANS)})


async def keep(session: Session, snapshot: SubscriptionSnapshot) -> None:
    """Stores what the subscription gives, and lets its user follow the stream, unless that is gone."""
    if not await Subscriptions(session).put(snapshot) or snapshot.stream_id is None:
        return
    try:
        await service.follow(session, snapshot.stream_id, snapshot.user_id)
    except NotFound:
        return


async def catch_up(runtime: StreamsRuntime, user_id: UUID) -> None:
    """Asks payments of a user whose first bill was still open: it may have been paid in this moment."""
    async with runtime.db.read() as session:
        known = await Subscriptions(session).that_matter(user_id)
    if any(each.is_unpaid for each in known):
        await ask_payments(runtime, user_id)


async def ask_payments(runtime: StreamsRuntime, user_id: UUID) -> bool:
    """Stores what payments says of the user's subscriptions; False where it does not answer."""
    query = {"user_id": str(user_id), "kind": STREAM_TIER}
    try:
        known = await runtime.peers.ask(ACCESS, query=query)
    except Unavailable:
        return False
    async with runtime.db.read() as session:
        news = await Subscriptions(session).newer(known.results)
    if news:
        async with runtime.db.transaction() as session:
            for snapshot in news:
                await Subscriptions(session).put(snapshot)
    return True
