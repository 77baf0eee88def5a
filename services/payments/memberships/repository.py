"""SQL of what memberships grant."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import insert

from services.payments.memberships.models import MembershipGrant
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

    async def benefits(self, subscription_ids: Sequence[UUID]) -> Mapping[UUID, Benefits]:
        """Of those whose present period has granted something; in one query."""
        columns = func.sum(MembershipGrant.credits), func.sum(MembershipGrant.sessions)
        query = select(MembershipGrant.subscription_id, *columns).where(
            MembershipGrant.subscription_id.in_(subscription_ids), *self._present()
        )
        rows = await self.session.execute(query.group_by(MembershipGrant.subscription_id))
        return {subscription_id: Benefits(int(credits), int(sessions)) for subscription_id, credits, sessions in rows}

    def _present(self) -> tuple[ColumnElement[bool], ...]:
        now = self.session.now()
        return (
            MembershipGrant.start_at <= now,
            MembershipGrant.end_at > now,
            MembershipGrant.taken_back_at.is_(None),
        )
