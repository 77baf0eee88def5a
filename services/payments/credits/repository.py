"""SQL of credits."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert

from services.payments.credits.domain import Spendable, UseState
from services.payments.credits.models import CreditEntry, CreditGrant, CreditUse, CreditWallet
from shared.database.listing import Found, ListOf, Page
from shared.database.repository import Repository


@dataclass(frozen=True)
class Funds:
    """Minor units: what can be spent now, and what open orders hold."""

    balance: int
    held: int


class Wallets(Repository):
    """The rows that spends of one client queue on."""

    async def lock(self, *user_ids: UUID) -> None:
        """Makes what is missing and locks the wallets, in the order of their ids."""
        for user_id in sorted(set(user_ids)):
            made = insert(CreditWallet).values(user_id=user_id, created_at=self.session.now())
            await self.session.execute(made.on_conflict_do_nothing())
            await self.session.execute(
                select(CreditWallet.user_id).where(CreditWallet.user_id == user_id).with_for_update(key_share=True)
            )


class Grants(Repository):
    """What clients can spend. Who changes a grant holds its wallet's lock."""

    async def spendable(self, user_id: UUID) -> dict[UUID, CreditGrant]:
        """The client's grants that have something left and are not expired now."""
        alive = or_(CreditGrant.expires_at.is_(None), CreditGrant.expires_at > self.session.now())
        chosen = select(CreditGrant).where(CreditGrant.user_id == user_id, CreditGrant.remaining > 0, alive)
        # The wallet's lock was taken just before: a grant seen earlier in this transaction may be out of date.
        found = await self.session.scalars(chosen.execution_options(populate_existing=True))
        return {grant.id: grant for grant in found}

    async def get_all(self, ids: Sequence[UUID]) -> dict[UUID, CreditGrant]:
        """Those grants, as they are now."""
        chosen = select(CreditGrant).where(CreditGrant.id.in_(ids))
        found = await self.session.scalars(chosen.execution_options(populate_existing=True))
        return {grant.id: grant for grant in found}

    async def expired_owners(self, limit: int) -> list[UUID]:
        """Clients with something left on a grant whose time is over."""
        over = select(CreditGrant.user_id).where(
            CreditGrant.remaining > 0, CreditGrant.expires_at <= self.session.now()
        )
        return list(await self.session.scalars(over.distinct().limit(limit)))

    async def expired(self, user_id: UUID) -> Sequence[CreditGrant]:
        """The client's grants whose time is over and that still have something left."""
        over = select(CreditGrant).where(
            CreditGrant.user_id == user_id, CreditGrant.remaining > 0, CreditGrant.expires_at <= self.session.now()
        )
        return (await self.session.scalars(over.execution_options(populate_existing=True))).all()

    async def funds(self, user_id: UUID) -> Funds:
        """What the client can spend now and what is held, in one statement."""
        alive = or_(CreditGrant.expires_at.is_(None), CreditGrant.expires_at > self.session.now())
        balance = (
            select(func.coalesce(func.sum(CreditGrant.remaining), 0))
            .where(CreditGrant.user_id == user_id, CreditGrant.remaining > 0, alive)
            .scalar_subquery()
        )
        held = (
            select(func.coalesce(func.sum(CreditUse.amount), 0))
            .where(CreditUse.user_id == user_id, CreditUse.state == UseState.HELD)
            .scalar_subquery()
        )
        row = (await self.session.execute(select(balance, held))).one()
        return Funds(balance=int(row[0]), held=int(row[1]))


class Uses(Repository):
    """What orders took of grants."""

    async def of_order(self, order_id: UUID, state: UseState) -> Sequence[CreditUse]:
        """The order's uses in that state, in the order of spending."""
        chosen = select(CreditUse).where(CreditUse.order_id == order_id, CreditUse.state == state)
        return (await self.session.scalars(chosen.order_by(CreditUse.position))).all()


class Entries(Repository):
    """The history."""

    async def add(self, entry: CreditEntry) -> bool:
        """Writes the line; False where its cause has written it before."""
        columns = {column.name: getattr(entry, column.name) for column in CreditEntry.__table__.columns}
        written = insert(CreditEntry).values(columns).on_conflict_do_nothing().returning(CreditEntry.id)
        return (await self.session.execute(written)).scalar_one_or_none() is not None

    async def list(self, user_id: UUID, page: Page) -> Found[CreditEntry]:
        """The client's lines, newest first unless asked otherwise, and how many there are."""
        return await LIST.page(self.session, select(CreditEntry).where(CreditEntry.user_id == user_id), page)


LIST = ListOf(CreditEntry, {"created_at": CreditEntry.created_at}, last=CreditEntry.id.desc())


def as_spendable(grant: CreditGrant) -> Spendable:
    """The grant as the rules see it."""
    return Spendable(grant.id, grant.remaining, grant.priority, grant.expires_at, grant.created_at)
