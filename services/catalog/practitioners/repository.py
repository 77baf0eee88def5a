"""SQL of practitioners."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.dialects.postgresql import insert

from services.catalog.practitioners.domain import VerificationStatus
from services.catalog.practitioners.errors import AlreadyApplied
from services.catalog.practitioners.models import Practitioner
from services.catalog.search.repository import Listed, Search, fold
from shared.auth.permissions import Permission
from shared.auth.verification import Caller
from shared.database.listing import Found, ListOf, Page, given
from shared.database.repository import Repository, found
from shared.database.search import alphabetical
from shared.records.ids import new_id

LIST = ListOf(
    Practitioner,
    {
        "created_at": Practitioner.created_at,
        "display_name": alphabetical(fold, Practitioner.display_name.expression),
    },
    last=Practitioner.id,
)


class Practitioners(Repository):
    """Practitioners, approved or not."""

    async def add(self, user_id: UUID, fields: dict[str, Any]) -> Practitioner:
        """Inserts a pending application, or raises AlreadyApplied."""
        now = self.session.now()
        row = {"status": VerificationStatus.PENDING, "version": 1, "created_at": now, "updated_at": now, **fields}
        statement = (
            insert(Practitioner)
            .values(id=new_id(), user_id=user_id, **row)
            .on_conflict_do_nothing(index_elements=[Practitioner.user_id])
            .returning(Practitioner)
        )
        practitioner = await self.session.scalar(statement)
        if practitioner is None:
            raise AlreadyApplied
        return practitioner

    async def get(self, practitioner_id: UUID, *, lock: bool = False) -> Practitioner:
        """The practitioner in whatever state; raises NotFound."""
        query = select(Practitioner).where(Practitioner.id == practitioner_id)
        return found(await self.session.scalar(query.with_for_update() if lock else query), "practitioner")

    async def get_visible(self, practitioner_id: UUID, caller: Caller | None) -> Practitioner:
        """The practitioner if approved, or the caller's own, or the caller sees all; raises NotFound."""
        query = select(Practitioner).where(Practitioner.id == practitioner_id, visible_to(caller))
        return found(await self.session.scalar(query), "practitioner")

    async def get_own(self, practitioner_id: UUID, caller: Caller) -> Practitioner:
        """The caller's own, locked for a change; raises NotFound for another's."""
        own = (Practitioner.id == practitioner_id, Practitioner.user_id == caller.user_id)
        query = select(Practitioner).where(*own, Practitioner.deactivated_at.is_(None))
        return found(await self.session.scalar(query.with_for_update()), "practitioner")

    async def find_of(self, user_id: UUID, *, lock: bool = False) -> Practitioner | None:
        """The user's practitioner: locked for a change, or without `lock` against changes but not against readers."""
        query = select(Practitioner).where(Practitioner.user_id == user_id)
        return await self.session.scalar(query.with_for_update(read=not lock))

    async def get_of(self, user_id: UUID) -> Practitioner:
        """The user's practitioner in whatever state; raises NotFound."""
        return found(
            await self.session.scalar(select(Practitioner).where(Practitioner.user_id == user_id)), "practitioner"
        )

    async def list(self, page: Page) -> Found[Practitioner]:
        """One page of what the public sees, and the total; two queries, however long the page."""
        return await self._page(page, approved())

    async def list_all(self, page: Page, status: VerificationStatus | None) -> Found[Practitioner]:
        """The same of all, or of those with one status."""
        return await self._page(page, *given({Practitioner.status: status}))

    async def _page(self, page: Page, *conditions: ColumnElement[bool]) -> Found[Practitioner]:
        count = select(func.count()).select_from(Practitioner).where(*conditions)
        found = Listed(LIST, select(Practitioner).where(*conditions), count)
        search = Search("practitioners", page.search) if page.search else None
        return await found.page(self.session, page, search)


def approved() -> ColumnElement[bool]:
    """Those whom the public sees."""
    usable = Practitioner.deactivated_at.is_(None) & Practitioner.suspended_at.is_(None)
    return (Practitioner.status == VerificationStatus.APPROVED) & usable


def visible_to(caller: Caller | None) -> ColumnElement[bool]:
    """Those whom the caller may see."""
    if caller is None:
        return approved()
    own = (Practitioner.user_id == caller.user_id) & Practitioner.deactivated_at.is_(None)
    return true() if caller.may(Permission.READ_UNLISTED) else or_(approved(), own)
