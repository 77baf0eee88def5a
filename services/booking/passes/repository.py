"""Passes, seen by those who have a part in them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, delete, false, or_, select, true
from sqlalchemy.orm import selectinload

from services.booking.passes.domain import WARNED_BEFORE, PassStatus
from services.booking.passes.models import Pass, PassSession
from shared.auth.permissions import Permission
from shared.auth.verification import Caller
from shared.concurrency.back_off import BackOff
from shared.database.listing import Found, ListOf, Page
from shared.database.repository import Repository, found
from shared.records.clock import machine_now
from shared.work.attempts import claim

Side = Literal["client", "practitioner"]
LATEST_FIRST = ListOf(
    Pass, {"created_at": Pass.created_at, "expires_at": Pass.expires_at}, default="-created_at", last=Pass.id
)
WITH_SESSIONS = selectinload(Pass.sessions)
PAGE, BATCH = 50, 8
BACK_OFF = BackOff(2.0, 60.0)


class Passes(Repository):
    """All passes, each with its sessions. `lock` takes the pass's row lock, under which both change.

    Whoever locks a booking, or the calendar, does so before.
    """

    async def find(self, pass_id: UUID, *, lock: bool = False, skip_locked: bool = False) -> Pass | None:
        """The pass, whoever asks; with `skip_locked` None also while another transaction has its lock."""
        statement = select(Pass).where(Pass.id == pass_id)
        if lock:
            await self.session.flush()  # what is loaded anew would undo what is not written yet
            statement = statement.with_for_update(skip_locked=skip_locked, key_share=True)
        # The sessions in a statement of their own: what is joined is read as it was before the wait for the lock.
        options = {"populate_existing": True} if lock else {}
        return (
            await self.session.execute(statement.options(WITH_SESSIONS), execution_options=options)
        ).scalar_one_or_none()

    async def get(self, pass_id: UUID, *, lock: bool = False) -> Pass:
        """The pass, whoever asks; raises NotFound."""
        return found(await self.find(pass_id, lock=lock), "pass")

    async def get_of_client(self, pass_id: UUID, caller: Caller, *, lock: bool = False) -> Pass:
        """The caller's own; raises NotFound."""
        sold = await self.find(pass_id, lock=lock)
        return found(sold if sold is not None and sold.client_id == caller.user_id else None, "pass")

    async def get_visible(self, pass_id: UUID, caller: Caller) -> Pass:
        """For its client, its practitioner, and staff; raises NotFound."""
        statement = select(Pass).where(Pass.id == pass_id, _seen_by(caller)).options(WITH_SESSIONS)
        return found(await self.session.scalar(statement), "pass")

    async def list(self, caller: Caller, page: Page, side: Side | None) -> Found[Pass]:
        """What the caller bought or sold, latest first."""
        wanted = select(Pass).where(_part_of(caller, side)).options(WITH_SESSIONS)
        return await LATEST_FIRST.page(self.session, wanted, page)

    async def remove(self, pass_id: UUID) -> None:
        """Deletes a pass that was never sold."""
        await self.session.execute(delete(PassSession).where(PassSession.pass_id == pass_id))
        await self.session.execute(delete(Pass).where(Pass.id == pass_id))

    async def overdue(self, now: datetime) -> Sequence[UUID]:
        """Some that were not paid in time."""
        due = select(Pass.id).where(Pass.status == PassStatus.PENDING_PAYMENT, Pass.held_until <= now)
        return (await self.session.scalars(due.order_by(Pass.held_until).limit(PAGE))).all()

    async def over(self, now: datetime) -> Sequence[UUID]:
        """Some active ones that have expired."""
        due = select(Pass.id).where(Pass.status == PassStatus.ACTIVE, Pass.expires_at <= now)
        return (await self.session.scalars(due.order_by(Pass.expires_at).limit(PAGE))).all()

    async def to_warn(self, now: datetime) -> Sequence[UUID]:
        """Some active ones whose end is near, and was not announced."""
        due = select(Pass.id).where(
            Pass.status == PassStatus.ACTIVE, Pass.expires_at <= now + WARNED_BEFORE, Pass.warned_at.is_(None)
        )
        return (await self.session.scalars(due.order_by(Pass.expires_at).limit(PAGE))).all()

    async def any_unrefunded(self) -> bool:
        """Whether `claim_unrefunded` would find any."""
        due = select(Pass.id).where(Pass.waiting(), Pass.next_try_at <= machine_now()).limit(1)
        return await self.session.scalar(due) is not None

    async def claim_unrefunded(self) -> Sequence[Pass]:
        """Returned ones that wait for their refund and are not being tried just now."""
        return await claim(self.session, Pass, BATCH, BACK_OFF)


def _part_of(caller: Caller, side: Side | None) -> ColumnElement[bool]:
    sides = {"client": Pass.client_id == caller.user_id, "practitioner": Pass.practitioner_user_id == caller.user_id}
    return sides[side] if side else or_(*sides.values())


def _seen_by(caller: Caller) -> ColumnElement[bool]:
    staff = true() if caller.may(Permission.READ_BOOKINGS) else false()
    return or_(_part_of(caller, None), staff)
