"""Conditions on people who are gone and on approvals; who is to be erased."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.dialects.postgresql import insert

from services.payments.people.models import Approval, Departure, WaitingErasure
from shared.database import people
from shared.database.erasure import may_store
from shared.database.repository import Repository
from shared.database.session import Session
from shared.errors import NotFound


def is_gone(user_id: Any) -> ColumnElement[bool]:
    """Whether that column names an account that is no more: staff alone decide what it is still paid."""
    return people.is_closed(Departure, user_id)


def has_lost_approval(practitioner_id: Any) -> ColumnElement[bool]:
    """Whether that column names a practitioner whose approval staff took back: payouts wait for staff."""
    return people.has_lost_approval(Approval, practitioner_id)


def is_to_be_erased(user_id: Any) -> ColumnElement[bool]:
    """Whether that column names a person who waits to be erased."""
    return exists().where(WaitingErasure.user_id == user_id)


async def demand_account(session: Session, user_id: UUID) -> None:
    """Raises NotFound where the account is closed; until the end of the transaction it is not."""
    if not await may_store(session, user_id) or await session.scalar(select(is_gone(user_id))):
        raise NotFound


class WaitingErasures(Repository):
    """People who are to be erased."""

    async def put(self, user_id: UUID, erasure_id: UUID) -> None:
        """From here on; again changes nothing."""
        row = insert(WaitingErasure).values(user_id=user_id, erasure_id=erasure_id)
        newest = row.on_conflict_do_update(index_elements=["user_id"], set_={"erasure_id": erasure_id})
        await self.session.execute(newest)

    async def end(self, user_id: UUID) -> None:
        """Not any more."""
        await self.session.execute(delete(WaitingErasure).where(WaitingErasure.user_id == user_id))

    async def has(self, user_id: UUID) -> bool:
        """Whether that person waits to be erased."""
        return await self.session.get(WaitingErasure, user_id) is not None
