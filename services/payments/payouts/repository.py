"""SQL of payouts and payout accounts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from services.payments.earnings.domain import EarningStatus
from services.payments.earnings.models import Earning
from services.payments.earnings.repository import PractitionerLocks
from services.payments.holds.repository import is_held, is_on_hold
from services.payments.payouts.domain import (
    AT_BANK_AT_MOST,
    FAILING_AT_MOST,
    NOT_DECIDED,
    UNDER_WAY,
    PayoutSchedule,
    PayoutStatus,
)
from services.payments.payouts.models import Payout, PayoutAccount, PayoutReduction
from services.payments.people.models import Departure
from services.payments.people.repository import has_lost_approval, is_gone, is_to_be_erased
from services.payments.stripe.domain import CallOutcome
from services.payments.stripe.models import ProviderCall
from shared.auth.verification import Caller
from shared.database.listing import Found, ListOf, Page, given
from shared.database.repository import Repository, found
from shared.errors import ConflictOfInterest, NotFound
from shared.records.clock import machine_now
from shared.records.ids import NIL_UUID


class PayoutAccounts(Repository):
    """Where practitioners are paid to."""

    async def find(self, practitioner_id: UUID, *, lock: bool = False) -> PayoutAccount | None:
        """The practitioner's account row, or None."""
        return await self._one(select(PayoutAccount).where(PayoutAccount.practitioner_id == practitioner_id), lock)

    async def find_by_stripe(self, stripe_account_id: str, *, lock: bool = False) -> PayoutAccount | None:
        """The row of that Stripe account, or None where it is not ours."""
        return await self._one(select(PayoutAccount).where(PayoutAccount.stripe_account_id == stripe_account_id), lock)

    async def ensure(self, practitioner_id: UUID, user_id: UUID) -> PayoutAccount:
        """The practitioner's row, made if it is missing, and locked."""
        values = {
            "practitioner_id": practitioner_id,
            "user_id": user_id,
            "charges_enabled": False,
            "payouts_enabled": False,
            "needs_details": False,
            "schedule": PayoutSchedule.MANUAL,
            "tries": 0,
            "created_at": self.session.now(),
        }
        await self.session.execute(insert(PayoutAccount).values(values).on_conflict_do_nothing())
        mine = select(PayoutAccount).where(PayoutAccount.practitioner_id == practitioner_id)
        account = await self._one(mine, lock=True)
        assert account is not None
        return account

    async def waiting_for_batch(self, batch_at: datetime, limit: int) -> Sequence[UUID]:
        """Weekly practitioners at whom that batch has not looked yet; who chose weekly after it waits for the next.

        Who is gone or on hold is in no batch; whose turn failed has it again after a while.
        """
        waiting = (
            select(PayoutAccount.practitioner_id)
            .where(
                PayoutAccount.schedule == PayoutSchedule.WEEKLY,
                PayoutAccount.weekly_since <= batch_at,
                or_(PayoutAccount.batched_at.is_(None), PayoutAccount.batched_at < batch_at),
                or_(PayoutAccount.next_try_at.is_(None), PayoutAccount.next_try_at <= machine_now()),
                ~is_gone(PayoutAccount.user_id),
                ~is_on_hold(PayoutAccount.practitioner_id),
            )
            .order_by(PayoutAccount.next_try_at.nulls_first())
            .limit(limit)
        )
        return (await self.session.scalars(waiting)).all()

    async def to_be_erased(self, unit: int, limit: int) -> Sequence[UUID]:
        """Practitioners who are gone and are to be erased, and have at least `unit` that is available.

        Also where their account cannot be paid to: then only staff's rejection ends it. Not those whose payout staff
        have rejected since, and those whose turn failed have it again after a while.
        """
        payable = func.sum(Earning.net - Earning.repaid)
        available = select(payable).where(
            Earning.practitioner_id == PayoutAccount.practitioner_id, Earning.status == EarningStatus.AVAILABLE
        )
        waiting = select(PayoutAccount.practitioner_id).where(
            is_to_be_erased(PayoutAccount.user_id),
            is_gone(PayoutAccount.user_id),
            ~is_on_hold(PayoutAccount.practitioner_id),
            or_(PayoutAccount.next_try_at.is_(None), PayoutAccount.next_try_at <= machine_now()),
            ~_rejected_since(PayoutAccount),
            available.scalar_subquery() >= unit,
        )
        return (await self.session.scalars(waiting.order_by(PayoutAccount.practitioner_id).limit(limit))).all()

    async def _one(self, statement: Select[PayoutAccount], lock: bool) -> PayoutAccount | None:
        statement = statement.execution_options(populate_existing=True)
        return await self.session.scalar(statement.with_for_update() if lock else statement)


class Payouts(Repository):
    """Payouts. Whoever changes one holds its practitioner's lock: one change at a time per practitioner (rule 17)."""

    async def get(self, payout_id: UUID, decided_by: Caller | None = None) -> Payout:
        """The payout as it is now, whoever owns it; NotFound where there is none.

        ConflictOfInterest where it goes to the one who decides about it.
        """
        payout = found(await self.session.get(Payout, payout_id, populate_existing=True))
        if decided_by is not None and payout.user_id == decided_by.user_id:
            raise ConflictOfInterest
        return payout

    async def lock(self, payout_id: UUID, decided_by: Caller | None = None) -> Payout:
        """Takes the practitioner's lock, then the payout's; refuses as `get` does."""
        await PractitionerLocks(self.session).lock((await self.get(payout_id, decided_by)).practitioner_id)
        chosen = select(Payout).where(Payout.id == payout_id).with_for_update()
        return (await self.session.scalars(chosen.execution_options(populate_existing=True))).one()

    async def ids_of(self, user_id: UUID) -> Sequence[UUID]:
        """All payouts that went, or were to go, to that person."""
        return (await self.session.scalars(select(Payout.id).where(Payout.user_id == user_id))).all()

    async def eligible(self, practitioner_id: UUID) -> Sequence[Payout]:
        """The practitioner's payouts that wait for approval, newest first, locked. The practitioner is locked."""
        waiting = select(Payout).where(
            Payout.practitioner_id == practitioner_id, Payout.status == PayoutStatus.ELIGIBLE
        )
        newest = waiting.order_by(Payout.created_at.desc(), Payout.id.desc()).with_for_update()
        return (await self.session.scalars(newest.execution_options(populate_existing=True))).all()

    async def not_transferred(self, practitioner_id: UUID) -> Sequence[Payout]:
        """The practitioner's approved payouts of which no transfer is known, locked. The practitioner is locked."""
        waiting = select(Payout).where(
            Payout.practitioner_id == practitioner_id, Payout.status.in_(UNDER_WAY), Payout.transfer_id.is_(None)
        )
        fresh = waiting.order_by(Payout.id).with_for_update().execution_options(populate_existing=True)
        return (await self.session.scalars(fresh)).all()

    async def not_sent(self, practitioner_id: UUID) -> Sequence[Payout]:
        """Approved payouts whose money is not on its way to a bank, newest first. The practitioner is locked."""
        not_sent = select(Payout).where(
            Payout.practitioner_id == practitioner_id,
            Payout.status.in_(UNDER_WAY),
            Payout.bank_payout_id.is_(None),
            Payout.bank_state.is_(None),
            Payout.ending.is_(False),
        )
        newest = not_sent.order_by(Payout.created_at.desc(), Payout.id.desc()).with_for_update()
        return (await self.session.scalars(newest.execution_options(populate_existing=True))).all()

    async def owned_by(self, caller: Caller, payout_id: UUID) -> Payout:
        """The payout, for its own practitioner; NotFound for others."""
        payout = await self.get(payout_id)
        if payout.practitioner_id != caller.practitioner_id:
            raise NotFound
        return payout

    async def find_by_transfer(self, transfer_id: str) -> Payout | None:
        """The payout whose transfer Stripe knows by that id."""
        return await self.session.scalar(select(Payout).where(Payout.transfer_id == transfer_id))

    async def find_by_bank_payout(self, bank_payout_id: str) -> Payout | None:
        """The payout that Stripe knows by that id."""
        return await self.session.scalar(select(Payout).where(Payout.bank_payout_id == bank_payout_id))

    async def due(self, now: datetime, limit: int) -> Sequence[UUID]:
        """Payouts whose next step is due at `now` (machine time), or that have waited too long in business time."""
        moment = self.session.now()
        due = select(Payout.id).where(
            Payout.next_try_at.is_not(None),
            or_(
                Payout.next_try_at <= now,
                Payout.failing_since <= moment - FAILING_AT_MOST,
                Payout.at_bank_since <= moment - AT_BANK_AT_MOST,
            ),
        )
        return (await self.session.scalars(due.order_by(Payout.next_try_at).limit(limit))).all()

    async def unanswered(self, after: UUID | None, limit: int) -> Sequence[UUID]:
        """Payouts that wait for staff while the outcome of a call about them is unknown, by id, behind `after`.

        And those of which it has become known that nothing was transferred, though they have held money.
        """
        of_parts = select(PayoutReduction.id).where(PayoutReduction.payout_id == Payout.id)
        about = or_(ProviderCall.subject_id == Payout.id, ProviderCall.subject_id.in_(of_parts))
        held = exists().where(Earning.payout_id == Payout.id, is_held(Earning.line_id))
        waiting = select(Payout.id).where(
            Payout.status == PayoutStatus.NEEDS_ATTENTION,
            or_(
                exists().where(ProviderCall.outcome == CallOutcome.UNKNOWN, about),
                and_(Payout.transfer_id.is_(None), held),
            ),
            Payout.id > (after or NIL_UUID),
        )
        return (await self.session.scalars(waiting.order_by(Payout.id).limit(limit))).all()

    async def small(self, below: int, since: datetime, limit: int) -> Sequence[UUID]:
        """Payouts that need no approval and whose account can be paid to, oldest first, failed tries last.

        Each stays below `below` together with what was approved by itself for the same practitioner after `since`.
        Those of who is gone, is on hold or has lost the approval wait for staff.
        """
        small = (
            select(Payout.id)
            .join(PayoutAccount, PayoutAccount.practitioner_id == Payout.practitioner_id)
            .where(
                Payout.status == PayoutStatus.ELIGIBLE,
                Payout.amount + _approved_alone(Payout.practitioner_id.expression, since).scalar_subquery() < below,
                PayoutAccount.payouts_enabled,
                PayoutAccount.needs_details.is_(False),
                ~is_gone(Payout.user_id),
                ~is_on_hold(Payout.practitioner_id),
                ~has_lost_approval(Payout.practitioner_id),
            )
            .order_by(Payout.tries, Payout.created_at)
            .limit(limit)
        )
        return (await self.session.scalars(small)).all()

    async def approved_alone(self, practitioner_id: UUID, since: datetime) -> int:
        """What was approved by itself after that moment, in minor units. The practitioner is locked."""
        return int(await self.session.scalar(_approved_alone(practitioner_id, since)) or 0)

    async def list(self, page: Page, status: PayoutStatus | None, practitioner_id: UUID | None = None) -> Found[Payout]:
        """One page, newest first, and how many there are; of one practitioner, or (for staff) of all."""
        only = given({Payout.practitioner_id: practitioner_id, Payout.status: status})
        return await LIST.page(self.session, select(Payout).where(*only), page)


class PayoutReductions(Repository):
    """Parts of transfers that refunds take back. Whoever changes one holds its practitioner's lock."""

    async def get(self, reduction_id: UUID) -> PayoutReduction:
        """The reduction as it is now; NotFound where there is none."""
        return found(await self.session.get(PayoutReduction, reduction_id, populate_existing=True))

    async def open_ones(self, payout_id: UUID) -> Sequence[PayoutReduction]:
        """Those of the payout that Stripe has neither made nor refused, oldest first."""
        open_ones = select(PayoutReduction).where(
            PayoutReduction.payout_id == payout_id, PayoutReduction.ended_at.is_(None)
        )
        oldest = open_ones.order_by(PayoutReduction.created_at, PayoutReduction.id)
        return (await self.session.scalars(oldest.execution_options(populate_existing=True))).all()

    async def planned(self, practitioner_id: UUID) -> int:
        """What is open for the practitioner, in minor units."""
        total = (
            select(func.coalesce(func.sum(PayoutReduction.amount), 0))
            .join(Payout, Payout.id == PayoutReduction.payout_id)
            .where(Payout.practitioner_id == practitioner_id, PayoutReduction.ended_at.is_(None))
        )
        return int(await self.session.scalar(total) or 0)


def _rejected_since(account: type[PayoutAccount]) -> ColumnElement[bool]:
    """Whether staff have rejected a payout that was asked for after the account had been closed."""
    return exists().where(
        Payout.practitioner_id == account.practitioner_id,
        Payout.status == PayoutStatus.REJECTED,
        func.coalesce(Payout.reason, "").not_in(NOT_DECIDED),
        Departure.user_id == Payout.user_id,
        Payout.created_at >= Departure.created_at,
    )


LIST = ListOf(Payout, {"created_at": Payout.created_at, "amount": Payout.amount}, last=Payout.id)


def _approved_alone(practitioner_id: UUID | ColumnElement[UUID], since: datetime) -> Select[int]:
    before = aliased(Payout)
    return select(func.coalesce(func.sum(before.amount), 0)).where(
        before.practitioner_id == practitioner_id,
        before.approved_at > since,
        before.approved_by.is_(None),
    )
