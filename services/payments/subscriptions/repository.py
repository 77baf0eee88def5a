"""SQL of subscriptions, of their periods and of changes of their plans. Who may see what is decided here."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from services.payments.plans.domain import Interval, PlanKind
from services.payments.subscriptions.domain import (
    BEFORE_ANOTHER_YEAR,
    BEFORE_FIRST_CHARGE,
    ChangeStatus,
    PeriodStatus,
    SubscriptionStatus,
)
from services.payments.subscriptions.models import Period, PlanChange, Subscription
from shared.auth.permissions import Permission
from shared.auth.verification import Caller
from shared.database.listing import Found, ListOf, Page, given
from shared.database.repository import Repository, found
from shared.database.session import values_of
from shared.records.clock import machine_now
from shared.records.ids import derived_id

LIST = ListOf(Subscription, {"created_at": Subscription.created_at}, last=Subscription.id)
PERIODS = ListOf(Period, {"number": Period.number}, default="-number")


class Subscriptions(Repository):
    """Subscriptions in every state."""

    async def get(self, subscription_id: UUID, *, lock: bool = False) -> Subscription:
        """The subscription as it is now; raises NotFound."""
        query = select(Subscription).where(Subscription.id == subscription_id)
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True) if lock else query
        return found(await self.session.scalar(query), "subscription")

    async def owned_by(self, caller: Caller, subscription_id: UUID, *, lock: bool = False) -> Subscription:
        """The caller's own; raises NotFound for another's."""
        subscription = await self.get(subscription_id, lock=lock)
        return found(subscription if subscription.user_id == caller.user_id else None, "subscription")

    async def visible_to(self, caller: Caller, subscription_id: UUID) -> Subscription:
        """The subscription, for its user and for staff; raises NotFound for others."""
        subscription = await self.get(subscription_id)
        may_see = subscription.user_id == caller.user_id or caller.may(Permission.READ_ORDERS)
        return found(subscription if may_see else None, "subscription")

    async def list(
        self, caller: Caller, page: Page, kind: PlanKind | None, status: SubscriptionStatus | None
    ) -> Found[Subscription]:
        """The caller's own, newest first."""
        mine = select(Subscription).where(Subscription.user_id == caller.user_id)
        wanted = given({Subscription.kind: kind, Subscription.status: status})
        return await LIST.page(self.session, mine.where(*wanted), page)

    async def add(self, subscription: Subscription) -> bool:
        """Writes it; False where the user has a living one of that kind, or it is there already."""
        row = insert(Subscription).values(values_of(subscription)).on_conflict_do_nothing()
        return await self.session.scalar(row.returning(Subscription.id)) is not None

    async def giving_access(self, user_id: UUID, kind: PlanKind) -> Subscription | None:
        """The user's subscription of that kind that gives access now, locked."""
        query = select(Subscription).where(
            Subscription.user_id == user_id, Subscription.kind == kind, Subscription.access_until > self.session.now()
        )
        query = query.order_by(Subscription.access_until.desc()).limit(1).with_for_update(key_share=True)
        return await self.session.scalar(query.execution_options(populate_existing=True))

    async def find(self, subscription_id: UUID) -> Subscription | None:
        """As `get`, or None."""
        return await self.session.get(Subscription, subscription_id)

    async def that_matter(self, user_id: UUID, kind: PlanKind) -> Sequence[Subscription]:
        """The user's of that kind that have not ended, or give access all the same; newest first."""
        matters = or_(Subscription.waiting(), Subscription.access_until > self.session.now())
        theirs = select(Subscription).where(Subscription.user_id == user_id, Subscription.kind == kind, matters)
        return (await self.session.scalars(theirs.order_by(Subscription.created_at.desc(), Subscription.id))).all()

    async def had_trial(self, user_id: UUID, kind: PlanKind, stream_id: UUID | None) -> bool:
        """Whether the user ever had a trial of a plan of that kind, or of that stream."""
        tried = exists().where(
            Subscription.user_id == user_id,
            Subscription.kind == kind,
            Subscription.stream_id.is_not_distinct_from(stream_id),
            Subscription.trial_until.is_not(None),
        )
        return bool(await self.session.scalar(select(tried)))

    async def will_be_charged(self, user_id: UUID) -> bool:
        """Whether a subscription of the user's goes on, or has an unpaid bill."""
        charged = exists().where(
            Subscription.user_id == user_id, Subscription.waiting(), Subscription.cancel_at.is_(None)
        )
        return bool(await self.session.scalar(select(charged)))

    async def due(self, limit: int) -> Sequence[UUID]:
        """Those that the job has to look at now, the one that has waited longest first."""
        ready = or_(Subscription.next_try_at.is_(None), Subscription.next_try_at <= machine_now())
        query = select(Subscription.id).where(Subscription.waiting(), Subscription.next_at <= self.session.now(), ready)
        return (await self.session.scalars(query.order_by(Subscription.next_at).limit(limit))).all()

    async def count_due(self) -> tuple[int, datetime | None]:
        """How many of these there are, tried in vain or not yet, and since when the one is that has waited longest."""
        query = select(func.count(), func.min(Subscription.next_at))
        due = query.where(Subscription.waiting(), Subscription.next_at <= self.session.now())
        count, oldest = (await self.session.execute(due)).one()
        return count, oldest

    async def living(self) -> Mapping[tuple[PlanKind, SubscriptionStatus], int]:
        """How many have not ended, by kind and status."""
        columns = (Subscription.kind, Subscription.status)
        query = select(*columns, func.count()).where(Subscription.waiting()).group_by(*columns)
        return {(kind, status): count for kind, status, count in await self.session.execute(query)}

    async def to_announce(self, limit: int) -> Sequence[UUID]:
        """Those that are charged in a few days, of which the user was not reminded yet."""
        query = select(Subscription.id).where(*self._unannounced()).order_by(Subscription.next_at)
        return (await self.session.scalars(query.limit(limit))).all()

    async def lock_to_announce(self, subscription_id: UUID) -> Subscription | None:
        """The subscription, locked, if it is still one of these."""
        query = select(Subscription).where(Subscription.id == subscription_id, *self._unannounced())
        return await self.session.scalar(query.with_for_update(key_share=True))

    def _unannounced(self) -> Sequence[ColumnElement[bool]]:
        now, at, status = self.session.now(), Subscription.next_at, Subscription.status
        goes_on = status.in_([SubscriptionStatus.ACTIVE, SubscriptionStatus.PAUSED])
        first = (status == SubscriptionStatus.TRIALING) & (at <= now + BEFORE_FIRST_CHARGE)
        pending = (PlanChange.subscription_id == Subscription.id) & (PlanChange.status == ChangeStatus.PENDING)
        monthly = exists().where(pending, PlanChange.interval == Interval.MONTH)
        yearly = goes_on & (Subscription.interval == Interval.YEAR) & ~monthly & (at <= now + BEFORE_ANOTHER_YEAR)
        charges = or_(Subscription.paused_until.is_(None), status == SubscriptionStatus.PAUSED)
        announced = Subscription.announced_at.is_not_distinct_from(at)
        return at > now, or_(first, yearly), ~announced, Subscription.cancel_at.is_(None), charges

    async def overdue_of(self, user_id: UUID) -> Sequence[UUID]:
        """The user's with an unpaid bill of a period that has begun."""
        overdue = (Subscription.user_id == user_id, Subscription.status == SubscriptionStatus.PAST_DUE)
        query = select(Subscription.id).where(*overdue).order_by(Subscription.id)
        return (await self.session.scalars(query)).all()

    async def ids_of(self, user_id: UUID) -> Sequence[UUID]:
        """All of the user's."""
        return (await self.session.scalars(select(Subscription.id).where(Subscription.user_id == user_id))).all()

    async def stop_of(self, user_id: UUID) -> None:
        """All of the user's end now; the job closes what is unpaid first."""
        await self._stop(Subscription.user_id == user_id)

    async def stop_of_stream(self, stream_id: UUID) -> None:
        """All to tiers of the stream end now, likewise: whoever changes from one to another too."""
        await self._stop(Subscription.stream_id == stream_id)

    async def stop_unpaid_of_plan(self, plan_id: UUID) -> None:
        """Those to the plan whose first bill, or the first one after a pause, is open end now, likewise."""
        await self._stop(Subscription.plan_id == plan_id, Subscription.status == SubscriptionStatus.INCOMPLETE)

    async def _stop(self, *which: ColumnElement[bool]) -> None:
        query = select(Subscription).where(*which, Subscription.waiting())
        living = query.order_by(Subscription.id).with_for_update(key_share=True)
        for subscription in await self.session.scalars(living):
            subscription.cancel_at = subscription.next_at = self.session.now()


class Periods(Repository):
    """Periods that have begun."""

    async def open(self, subscription: Subscription) -> Period:
        """The period after the last paid one, with its bill; again the same one. The subscription is locked."""
        number = subscription.number + 1
        row: dict[str, Any] = {
            "subscription_id": subscription.id,
            "number": number,
            "order_id": bill_id(subscription.id, number),
            "start_at": subscription.end_of(number - 1),
            "end_at": subscription.end_of(number),
            "currency": subscription.currency,
            "amount": subscription.amount,
            "status": PeriodStatus.OPEN,
            "created_at": self.session.now(),
        }
        await self.session.execute(insert(Period).values(row).on_conflict_do_nothing())
        return found(await self.session.get(Period, (subscription.id, number)))

    async def begin_anew(self, subscription: Subscription, change: PlanChange, order_id: UUID) -> Period:
        """The current period ends where the change begins the next one, which is paid; periods are counted from there.

        The subscription is locked.
        """
        current = found(await self.session.get(Period, (subscription.id, subscription.number)))
        current.end_at = change.at
        period = Period(
            subscription_id=subscription.id,
            number=subscription.number + 1,
            order_id=order_id,
            start_at=change.at,
            end_at=subscription.end_of(subscription.number + 1),
            currency=change.currency,
            amount=change.due,
            status=PeriodStatus.PAID,
            created_at=self.session.now(),
        )
        self.session.add(period)
        return period

    async def find_open(self, subscription_id: UUID) -> Period | None:
        """The period whose bill is open."""
        query = select(Period).where(Period.subscription_id == subscription_id, Period.status == PeriodStatus.OPEN)
        return await self.session.scalar(query.execution_options(populate_existing=True))

    async def find_of_order(self, order_id: UUID) -> Period | None:
        """The period that this order pays; None where it is the order of another service."""
        return await self.session.scalar(select(Period).where(Period.order_id == order_id))

    async def list(self, subscription_id: UUID, page: Page) -> Found[Period]:
        """The subscription's periods, newest first."""
        theirs = select(Period).where(Period.subscription_id == subscription_id)
        return await PERIODS.page(self.session, theirs, page)


class Changes(Repository):
    """Changes of plans."""

    async def find(self, change_id: UUID) -> PlanChange | None:
        """The change as it is now, or None."""
        query = select(PlanChange).where(PlanChange.id == change_id)
        return await self.session.scalar(query.execution_options(populate_existing=True))

    async def find_pending(self, subscription_id: UUID) -> PlanChange | None:
        """The one that is neither in force nor dropped."""
        return (await self.pending_of([subscription_id])).get(subscription_id)

    async def pending_of(self, subscription_ids: Sequence[UUID]) -> Mapping[UUID, PlanChange]:
        """Those that are neither in force nor dropped, by subscription; in one query."""
        pending = (PlanChange.subscription_id.in_(subscription_ids), PlanChange.status == ChangeStatus.PENDING)
        rows = await self.session.scalars(select(PlanChange).where(*pending).execution_options(populate_existing=True))
        return {change.subscription_id: change for change in rows}

    async def find_of_order(self, order_id: UUID) -> PlanChange | None:
        """The change that this order pays; None where it is another bill."""
        return await self.session.scalar(select(PlanChange).where(PlanChange.order_id == order_id))

    async def last_applied(self, subscription_id: UUID) -> datetime | None:
        """From when on the present terms are in force; None where they are the first ones."""
        applied = (PlanChange.subscription_id == subscription_id, PlanChange.status == ChangeStatus.APPLIED)
        return await self.session.scalar(select(func.max(PlanChange.at)).where(*applied))

    async def unpaid(self, limit: int) -> Sequence[PlanChange]:
        """Those that had to be paid by now."""
        late = (PlanChange.status == ChangeStatus.PENDING, PlanChange.expires_at <= self.session.now())
        query = select(PlanChange).where(*late).order_by(PlanChange.expires_at)
        return (await self.session.scalars(query.limit(limit))).all()


def bill_id(subscription_id: UUID, number: int) -> UUID:
    """The order of that period: the same for ever, so that a period cannot be billed twice."""
    return derived_id(subscription_id, "period", str(number))
