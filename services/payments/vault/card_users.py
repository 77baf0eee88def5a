"""What is charged to saved cards later: the vault asks it before a card goes, and tells it of one that came."""

from typing import Protocol
from uuid import UUID

from shared.database.session import Session


class CardUser(Protocol):
    """Both are called with the lock of the user's customer row: neither may wait for another lock."""

    async def needs_card(self, session: Session, user_id: UUID) -> bool:
        """Whether something of the user's is going to be charged to a saved card."""

    async def card_offered(self, session: Session, user_id: UUID, method_id: UUID) -> None:
        """The user saved this card, or made it their default: what is overdue is tried with it."""
