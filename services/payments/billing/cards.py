"""What subscriptions want of saved cards: one to be charged later, and to hear of a new one while a bill is overdue."""

from uuid import UUID

from services.payments.billing.repository import CardOffers
from services.payments.subscriptions.repository import Subscriptions
from shared.database.session import Session


class SubscriptionCards:
    """Of the user's subscriptions; called with the lock of their customer, so it only adds a row."""

    async def needs_card(self, session: Session, user_id: UUID) -> bool:
        """Whether a subscription of theirs is going to be charged."""
        return await Subscriptions(session).will_be_charged(user_id)

    async def card_offered(self, session: Session, user_id: UUID, method_id: UUID) -> None:
        """The job tries the card for what is overdue, right after the commit."""
        await CardOffers(session).add(user_id, method_id)
        session.wake_jobs_after_commit("try_offered_cards")
