"""SQL of people who are gone and of approvals."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists
from sqlalchemy.dialects.postgresql import insert

from services.payments.people.models import Approval, Departure
from shared.database import projection
from shared.database.repository import Repository


class PeopleStatus(Repository):
    """Accounts that are no more, and approvals of practitioners."""

    async def depart(self, user_id: UUID) -> None:
        """Remembers that the account is no more; again changes nothing."""
        row = {"user_id": user_id, "created_at": self.session.now()}
        await self.session.execute(insert(Departure).values(row).on_conflict_do_nothing())

    async def put_approval(self, practitioner_id: UUID, version: int, *, is_approved: bool) -> None:
        """Stores what staff decided, unless something newer is there."""
        row = {"practitioner_id": practitioner_id, "version": version, "is_approved": is_approved}
        await projection.put(self.session, Approval, row)


def is_gone(user_id: Any) -> ColumnElement[bool]:
    """Whether that column names an account that is no more: staff alone decide what it is still paid."""
    return exists().where(Departure.user_id == user_id)


def has_lost_approval(practitioner_id: Any) -> ColumnElement[bool]:
    """Whether that column names a practitioner whose approval staff took back: payouts wait for staff."""
    return exists().where(Approval.practitioner_id == practitioner_id, Approval.is_approved.is_(False))
