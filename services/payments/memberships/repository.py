"""SQL of what memberships grant."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects.postgresql import insert

from services.payments.memberships.models import MembershipGrant, MembershipUse
from shared.database.repository import Repository
from shared.database.session import values_of


class Benefits(NamedTuple):
    """What the present period of a membership has granted (minor units), and how many of its sessions are left."""

    credits: int = 0
    sessions: int = 0


class MembershipGrants(Repository):
    """What paid bills granted."""

    async def add(self, granted: MembershipGrant) -> bool:
        """Writes it; False where the bill has granted before."""
        row = insert(MembershipGrant).values(values_of(granted)).on_conflict_do_nothing()
        return await self.session.scalar(row.returning(MembershipGrant.id)) is not None

    async def of_order(self, order_id: UUID) -> MembershipGrant | None:
        """What that bill granted, locked."""
        query = select(MembershipGrant).where(MembershipGrant.order_id == order_id).with_for_update()
        return await self.session.scalar(query.execution_options(populate_existing=True))

    async def of_period(self, subscription_id: UUID, number: int) -> Sequence[MembershipGrant]:
        """What that period has granted and was not taken back, locked."""
        theirs = (MembershipGrant.subscription_id == subscription_id, MembershipGrant.number == number)
        query = select(MembershipGrant).where(*theirs, MembershipGrant.taken_back_at.is_(None))
        query = query.order_by(MembershipGrant.id).with_for_update().execution_options(populate_existing=True)
        return (await self.session.scalars(query)).all()

    async def benefits(self, subscription_ids: Sequence[UUID]) -> Mapping[UUID, Benefits]:
        """Of those whose present period has granted something; in one query."""
        left = func.sum(MembershipGrant.sessions - MembershipGrant.used)
        columns = func.sum(MembershipGrant.credits), left
        query = select(MembershipGrant.subscription_id, *columns).where(
            MembershipGrant.subscription_id.in_(subscription_ids), *self._present()
        )
        rows = await self.session.execute(query.group_by(MembershipGrant.subscription_id))
        return {subscription_id: Benefits(int(credits), int(sessions)) for subscription_id, credits, sessions in rows}

    async def present(self, subscription_id: UUID) -> Sequence[MembershipGrant]:
        """What the present period has granted, sessions of the least value first. The subscription is locked."""
        query = select(MembershipGrant).where(MembershipGrant.subscription_id == subscription_id, *self._present())
        query = query.order_by(MembershipGrant.session_value, MembershipGrant.id)
        return (await self.session.scalars(query.execution_options(populate_existing=True))).all()

    async def use_session(self, grant_id: UUID) -> bool:
        """One session fewer; False where none is left, or it was taken back in this moment."""
        left = update(MembershipGrant).where(
            MembershipGrant.id == grant_id, MembershipGrant.used < MembershipGrant.sessions, *self._present()
        )
        used = left.values(used=MembershipGrant.used + 1).returning(MembershipGrant.id)
        return await self.session.scalar(used) is not None

    async def return_session(self, grant_id: UUID) -> None:
        """One session more, of the period that it was of."""
        theirs = update(MembershipGrant).where(MembershipGrant.id == grant_id)
        await self.session.execute(theirs.values(used=MembershipGrant.used - 1))

    def _present(self) -> tuple[ColumnElement[bool], ...]:
        now = self.session.now()
        return (
            MembershipGrant.start_at <= now,
            MembershipGrant.end_at > now,
            MembershipGrant.taken_back_at.is_(None),
        )


class MembershipUses(Repository):
    """Which order which session paid."""

    async def add(self, order_id: UUID, grant_id: UUID, amount: int) -> None:
        """Writes it; the order is new."""
        used = {"order_id": order_id, "grant_id": grant_id, "amount": amount, "created_at": self.session.now()}
        await self.session.execute(insert(MembershipUse).values(used))

    async def of_bill(self, order_id: UUID) -> Sequence[UUID]:
        """The orders that sessions have paid which that bill granted, those that went back too."""
        granted = select(MembershipGrant.id).where(MembershipGrant.order_id == order_id)
        used = select(MembershipUse.order_id).where(MembershipUse.grant_id.in_(granted))
        return (await self.session.scalars(used)).all()

    async def give_back(self, order_id: UUID) -> UUID | None:
        """The grant to which the order's session goes back from here on; None where it did before, or there is none."""
        used = update(MembershipUse).where(MembershipUse.order_id == order_id, MembershipUse.returned_at.is_(None))
        returned = used.values(returned_at=self.session.now()).returning(MembershipUse.grant_id)
        return await self.session.scalar(returned)
