"""SQL of reactions: a row per person and subject, and the subject's counter in the same transaction."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert

from services.streams.models import Post, PostLike, Stream, StreamLike, StreamSave
from shared.db import Session


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of reaction: its rows, the column that names the subject, and the subject's counter."""

    rows: Any
    subject: str
    counted: Any
    counter: str


STREAM_LIKE = Kind(StreamLike, "stream_id", Stream, "like_count")
STREAM_SAVE = Kind(StreamSave, "stream_id", Stream, "save_count")
POST_LIKE = Kind(PostLike, "post_id", Post, "like_count")
KINDS = (STREAM_LIKE, STREAM_SAVE, POST_LIKE)


class Reactions:
    """Reactions of one kind."""

    def __init__(self, session: Session, kind: Kind) -> None:
        self.session, self.kind = session, kind

    async def add(self, subject_id: UUID, user_id: UUID) -> None:
        """Adds and counts; nothing where the person has reacted already."""
        row = {self.kind.subject: subject_id, "user_id": user_id, "created_at": self.session.now()}
        added = insert(self.kind.rows).values(row).on_conflict_do_nothing().returning(self.kind.rows.user_id)
        if await self.session.scalar(added) is not None:
            await self._count([subject_id], 1)

    async def remove(self, subject_id: UUID, user_id: UUID) -> None:
        """Removes and counts off; nothing where there is no reaction."""
        subject = getattr(self.kind.rows, self.kind.subject)
        await self._remove(subject == subject_id, self.kind.rows.user_id == user_id)

    async def remove_all_of(self, user_id: UUID) -> None:
        """Removes all of the person's and counts each off."""
        await self._remove(self.kind.rows.user_id == user_id)

    async def _remove(self, *conditions: Any) -> None:
        subject = getattr(self.kind.rows, self.kind.subject)
        gone = (await self.session.scalars(delete(self.kind.rows).where(*conditions).returning(subject))).all()
        if gone:
            await self._count(list(gone), -1)

    async def _count(self, subject_ids: list[UUID], step: int) -> None:
        counter = getattr(self.kind.counted, self.kind.counter)
        counted = update(self.kind.counted).where(self.kind.counted.id.in_(subject_ids))
        await self.session.execute(
            counted.values({self.kind.counter: counter + step}), execution_options={"synchronize_session": False}
        )
