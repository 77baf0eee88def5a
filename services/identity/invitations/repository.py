"""SQL of invitations."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from services.identity.invitations.models import Invitation
from shared.database.listing import Found, ListOf, Page
from shared.database.repository import Repository, found
from shared.records.ids import new_id

NEWEST_FIRST = ListOf(Invitation, {"created_at": Invitation.created_at}, last=Invitation.id.desc())
OPEN = Invitation.accepted_at.is_(None) & Invitation.withdrawn_at.is_(None)


class Invitations(Repository):
    """Invitations, by address and by mail."""

    async def lock_open(self, email: str) -> Invitation | None:
        """The one to that address that was neither accepted nor withdrawn, locked."""
        query = select(Invitation).where(Invitation.email == email, OPEN).with_for_update()
        return await self.session.scalar(query)

    async def add(self, email: str, **columns: Any) -> Invitation | None:
        """A new one; None where there is an open one to that address by now."""
        statement = insert(Invitation).values(id=new_id(), email=email, **columns)
        only_one = statement.on_conflict_do_nothing(index_elements=[Invitation.email], index_where=OPEN)
        return await self.session.scalar(only_one.returning(Invitation))

    async def lock(self, invitation_id: UUID) -> Invitation:
        """That one, locked; raises NotFound."""
        query = select(Invitation).where(Invitation.id == invitation_id).with_for_update()
        return found(await self.session.scalar(query), "invitation")

    async def find_by_mail(self, mail_id: UUID, *, lock: bool = False) -> Invitation | None:
        """The one whose mail that is."""
        query = select(Invitation).where(Invitation.mail_id == mail_id)
        return await self.session.scalar(query.with_for_update() if lock else query)

    async def ids_of(self, user_id: UUID, email: str) -> Sequence[UUID]:
        """Those that the account accepted, and those to its address."""
        theirs = (Invitation.accepted_by == user_id) | (Invitation.email == email)
        return (await self.session.scalars(select(Invitation.id).where(theirs))).all()

    async def page(self, page: Page) -> Found[Invitation]:
        """One page of all, newest first unless ordered otherwise."""
        return await NEWEST_FIRST.page(self.session, select(Invitation), page)

    async def prune(self, before: datetime, limit: int = 500) -> int:
        """Deletes up to `limit` that expired before that moment, whatever became of them; returns how many."""
        some = select(Invitation.id).where(Invitation.expires_at < before).limit(limit)
        gone = delete(Invitation).where(Invitation.id.in_(some)).returning(Invitation.id)
        return len((await self.session.scalars(gone, execution_options={"synchronize_session": False})).all())
