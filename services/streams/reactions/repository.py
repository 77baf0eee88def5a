"""SQL of reactions. How many there are is counted when they are shown: docs/decisions/0005-counts-are-counted.md."""

from typing import TypeAlias
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from services.streams.reactions.models import PostLike, StreamLike, StreamSave
from shared.database.repository import Repository
from shared.database.session import Session

Kind: TypeAlias = type[StreamLike] | type[StreamSave] | type[PostLike]
KINDS: tuple[Kind, ...] = (StreamLike, StreamSave, PostLike)


class Reactions(Repository):
    """Reactions of one kind."""

    def __init__(self, session: Session, kind: Kind) -> None:
        super().__init__(session)
        self.kind = kind
        self.subject = "post_id" if kind is PostLike else "stream_id"

    async def add(self, subject_id: UUID, user_id: UUID) -> None:
        """Adds it; again changes nothing."""
        row = {self.subject: subject_id, "user_id": user_id, "created_at": self.session.now()}
        await self.session.execute(insert(self.kind).values(row).on_conflict_do_nothing())

    async def remove(self, subject_id: UUID, user_id: UUID) -> None:
        """Removes it; again changes nothing."""
        own = (getattr(self.kind, self.subject) == subject_id, self.kind.user_id == user_id)
        await self.session.execute(delete(self.kind).where(*own))

    async def remove_all(self, user_id: UUID) -> None:
        """Removes all of the user's."""
        await self.session.execute(delete(self.kind).where(self.kind.user_id == user_id))
