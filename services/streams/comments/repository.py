"""SQL of comments and of the names of who writes them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from services.streams.models import Comment, Person, Post, Stream
from shared.auth import Who
from shared.db import Session
from shared.errors import NotFound
from shared.pagination import Page, ordered

ORDERINGS: dict[str, ColumnElement[Any]] = {"created_at": Comment.created_at.expression}


@dataclass(frozen=True, slots=True)
class Place:
    """What is commented: a post of a stream, or the stream itself."""

    stream: Stream
    post: Post | None = None

    @property
    def title(self) -> str:
        """The title of what is commented."""
        return self.stream.title if self.post is None else self.post.title

    def holds(self) -> ColumnElement[bool]:
        """The comments that are made here."""
        of_post = Comment.post_id.is_(None) if self.post is None else Comment.post_id == self.post.id
        return (Comment.stream_id == self.stream.id) & of_post


class Comments:
    """The comments of one place."""

    def __init__(self, session: Session, place: Place) -> None:
        self.session, self.place = session, place

    async def list(self, page: Page, parent_id: UUID | None) -> tuple[Sequence[tuple[Comment, str | None]], int]:
        """One page with the authors' names, oldest first unless ordered otherwise, and the total; two queries."""
        wanted = self.place.holds() if parent_id is None else self.place.holds() & (Comment.parent_id == parent_id)
        named = select(Comment, Person.display_name).outerjoin(Person, Person.user_id == Comment.author_id)
        found = cast(Select[Any], named.where(wanted))
        query = ordered(found, page.ordering, ORDERINGS, "created_at").order_by(Comment.id)
        rows = (await self.session.execute(query.limit(page.limit).offset(page.offset))).all()
        total = await self.session.scalar(select(func.count()).select_from(Comment).where(wanted))
        return [(row[0], row[1]) for row in rows], total or 0

    async def get_parent(self, comment_id: UUID) -> Comment:
        """A comment of this place, kept until the commit; raises NotFound."""
        query = select(Comment).where(self.place.holds(), Comment.id == comment_id)
        return _found(await self.session.scalar(query.with_for_update(read=True, key_share=True)))

    async def get_removable(self, comment_id: UUID, who: Who) -> Comment:
        """A comment that the asker wrote, or that stands in the asker's stream, locked; raises NotFound."""
        query = select(Comment).where(self.place.holds(), Comment.id == comment_id)
        if self.place.stream.owner_id != who.user_id:
            query = query.where(Comment.author_id == who.user_id)
        return _found(await self.session.scalar(query.with_for_update()))

    async def add(self, comment: Comment) -> None:
        """Stores and counts."""
        self.session.add(comment)
        await self.session.flush()
        await self._count(1)

    async def remove(self, comment: Comment) -> None:
        """Removes a locked comment with the replies to it, and counts them off."""
        gone = delete(Comment).where(or_(Comment.id == comment.id, Comment.parent_id == comment.id))
        count = len((await self.session.scalars(gone.returning(Comment.id), execution_options=PLAIN)).all())
        await self._count(-count)

    async def _count(self, step: int) -> None:
        table, key = (Stream, self.place.stream.id) if self.place.post is None else (Post, self.place.post.id)
        await _count(self.session, table, key, step)


class AllComments:
    """Comments wherever they are."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def remove_all_of(self, author_id: UUID) -> None:
        """Removes what the person wrote, with the replies to it, and counts each off."""
        own = select(Comment.id).where(Comment.author_id == author_id)
        await self.session.execute(own.order_by(Comment.id).with_for_update())
        gone = delete(Comment).where(or_(Comment.author_id == author_id, Comment.parent_id.in_(own)))
        places = await self.session.execute(gone.returning(Comment.stream_id, Comment.post_id), execution_options=PLAIN)
        removed = Counter((Stream, row.stream_id) if row.post_id is None else (Post, row.post_id) for row in places)
        for (table, key), count in removed.items():
            await _count(self.session, table, key, -count)


class People:
    """The short names of who writes."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def put(self, user_id: UUID, display_name: str) -> None:
        """Writes the name as identity says."""
        statement = insert(Person).values(user_id=user_id, display_name=display_name)
        change = {"display_name": statement.excluded.display_name}
        await self.session.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=change))

    async def name_of(self, user_id: UUID) -> str | None:
        """The name; for somebody unknown None, and a row that asks for the name."""
        await self.session.execute(insert(Person).values(user_id=user_id).on_conflict_do_nothing())
        return await self.session.scalar(select(Person.display_name).where(Person.user_id == user_id))

    async def unnamed(self, limit: int) -> Sequence[UUID]:
        """Whose name is to be asked for."""
        return (
            await self.session.scalars(select(Person.user_id).where(Person.display_name.is_(None)).limit(limit))
        ).all()

    async def learn(self, user_id: UUID, display_name: str) -> None:
        """Keeps what identity answered, unless an event came first: the event is not older."""
        unnamed = update(Person).where(Person.user_id == user_id, Person.display_name.is_(None))
        await self.session.execute(unnamed.values(display_name=display_name))

    async def forget(self, user_id: UUID) -> None:
        """Removes the name."""
        await self.session.execute(delete(Person).where(Person.user_id == user_id))


async def _count(session: Session, table: Any, key: UUID, step: int) -> None:
    counted = update(table).where(table.id == key).values(comment_count=table.comment_count + step)
    await session.execute(counted, execution_options=PLAIN)


PLAIN = {"synchronize_session": False}


def _found(comment: Comment | None) -> Comment:
    if comment is None:
        raise NotFound("There is no such comment.")
    return comment
