"""What clients are called: identity's names, as far as practitioners may read them."""

from collections.abc import Collection, Sequence
from typing import Literal
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from services.booking.people.models import Name
from shared.db import Session

Form = Literal["initial", "full"]


class Names:
    """The names of people, by user id."""

    def __init__(self, session: Session) -> None:
        """Within that session."""
        self.session = session

    async def put(self, user_id: UUID, first_name: str, last_name: str) -> None:
        """Stores the present name; identity's events of one person come in order."""
        row = insert(Name).values(user_id=user_id, first_name=first_name, last_name=last_name)
        new = {"first_name": row.excluded.first_name, "last_name": row.excluded.last_name}
        await self.session.execute(row.on_conflict_do_update(index_elements=["user_id"], set_=new))

    async def fill(self, user_id: UUID, first_name: str, last_name: str) -> None:
        """Stores a name that was missing; what an event brought or took away meanwhile stays."""
        still_missing = (Name.user_id == user_id, Name.first_name.is_(None))
        await self.session.execute(
            update(Name).where(*still_missing).values(first_name=first_name, last_name=last_name)
        )

    async def remove(self, user_id: UUID) -> None:
        """The person is gone, and so is the name."""
        await self.session.execute(delete(Name).where(Name.user_id == user_id))

    async def missing(self, limit: int) -> Sequence[UUID]:
        """Clients whose name was never received."""
        return (await self.session.scalars(select(Name.user_id).where(Name.first_name.is_(None)).limit(limit))).all()

    async def of(self, user_ids: Collection[UUID], form: Form) -> dict[UUID, str]:
        """Their names in that form, in one statement; who is not known is left out."""
        if not user_ids:
            return {}
        rows = await self.session.scalars(select(Name).where(Name.user_id.in_(user_ids)))
        return {row.user_id: shown(row.first_name, row.last_name, form) for row in rows if row.first_name is not None}


def shown(first_name: str, last_name: str | None, form: Form) -> str:
    """`Ana K.`, or whole: `Ana Kova`."""
    last = last_name or ""
    return f"{first_name} {last}" if form == "full" else f"{first_name} {last[:1]}."
