"""SQL of erasures."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert

from services.identity.erasures.domain import ErasureStatus
from services.identity.erasures.models import Erasure, ErasureAnswer
from shared.database.listing import Found, ListOf, Page, given
from shared.database.repository import Repository, found
from shared.events.privacy import PersonErasedEvent
from shared.records.clock import machine_now

NEWEST_FIRST = ListOf(Erasure, {"created_at": Erasure.created_at, "erases_at": Erasure.erases_at})


class Erasures(Repository):
    """Erasures, by person."""

    async def add(self, erasure: Erasure) -> Erasure:
        """Stores a new one. The person's account is locked, so that there is one that is open."""
        self.session.add(erasure)
        await self.session.flush()
        return erasure

    async def newest_of(self, user_id: UUID, *, lock: bool = False) -> Erasure | None:
        """The last one that was asked for."""
        query = select(Erasure).where(Erasure.user_id == user_id).order_by(Erasure.id.desc()).limit(1)
        return await self.session.scalar(query.with_for_update() if lock else query)

    async def get(self, erasure_id: UUID) -> Erasure:
        """The erasure; raises NotFound."""
        return found(await self.session.get(Erasure, erasure_id), "erasure")

    async def lock(self, erasure_id: UUID) -> Erasure | None:
        """The erasure as it is now, locked."""
        return await self.session.get(Erasure, erasure_id, with_for_update=True, populate_existing=True)

    async def due(self, now: datetime, limit: int = 50) -> Sequence[Erasure]:
        """Those that may begin now, and were not looked at just before; the oldest first."""
        may_look = or_(Erasure.next_try_at.is_(None), Erasure.next_try_at <= machine_now())
        waiting = Erasure.status == ErasureStatus.WAITING
        query = select(Erasure).where(waiting, Erasure.erases_at <= now, may_look)
        return (await self.session.scalars(query.order_by(Erasure.next_try_at.nulls_first()).limit(limit))).all()

    async def unasked(self, limit: int = 50) -> Sequence[Erasure]:
        """Those whose account is closed, and for which the services may be asked now; the oldest first."""
        query = select(Erasure).where(Erasure.is_unasked(), Erasure.next_try_at <= machine_now())
        return (await self.session.scalars(query.order_by(Erasure.next_try_at).limit(limit))).all()

    async def page(self, page: Page, status: ErasureStatus | None) -> Found[Erasure]:
        """One page of all, and how many there are."""
        return await NEWEST_FIRST.page(self.session, select(Erasure).where(*given({Erasure.status: status})), page)


class Answers(Repository):
    """What the services answered."""

    async def add(self, event: PersonErasedEvent) -> None:
        """Keeps the first answer of a service."""
        row = {
            "erasure_id": event.erasure_id,
            "service": event.service,
            "done_at": event.occurred_at,
            "erased": event.erased,
            "kept": [one.model_dump() for one in event.kept],
        }
        await self.session.execute(insert(ErasureAnswer).values(row).on_conflict_do_nothing())

    async def of(self, erasure_id: UUID) -> Sequence[ErasureAnswer]:
        """Those of that erasure, by service."""
        query = select(ErasureAnswer).where(ErasureAnswer.erasure_id == erasure_id)
        return (await self.session.scalars(query.order_by(ErasureAnswer.service))).all()
