"""What it means for a subscription that its client's bank disputes the payment of one of its bills.

The caller holds the order's lock; the subscription is locked here, never the other way round.
"""

from uuid import UUID

from services.payments.subscriptions.domain import EndReason, SubscriptionStatus
from services.payments.subscriptions.repository import Subscriptions
from services.payments.subscriptions.settlement import publish
from shared.database.session import Session
from shared.events.subscriptions import SubscriptionChanged


async def stop(session: Session, subscription_id: UUID) -> None:
    """The bank has the money: the subscription ends now, by the job, which closes what is unpaid first.

    Where the bank changes its mind after the client had won, what access was left ends.
    """
    subscription = await Subscriptions(session).get(subscription_id, lock=True)
    if subscription.status is not SubscriptionStatus.ENDED:
        subscription.cancel_at = subscription.next_at = session.now()
        subscription.start_over()
        session.wake_jobs_after_commit("advance_subscriptions")
    elif subscription.access_until is not None and subscription.access_until > session.now():
        subscription.access_until = session.now()
        publish(session, subscription, SubscriptionChanged)


async def give_back(session: Session, subscription_id: UUID) -> None:
    """The client's bank has decided that the payment stands: it gives access to the end of what is paid."""
    subscription = await Subscriptions(session).get(subscription_id, lock=True)
    end = subscription.current_period_end
    if subscription.end_reason is EndReason.CHARGEBACK and end is not None and end > session.now():
        subscription.access_until = end
        publish(session, subscription, SubscriptionChanged)
