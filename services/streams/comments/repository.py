"""SQL of comments and of the names of who writes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from services.streams.models import Comment, Person, Post, Stream
from services.streams.search import fold
from shared.auth.verification import Who
from shared.database.search import SearchTerms, holds
from shared.database.session import Session
from shared.errors import NotFound
from shared.web.pagination import Page, ordered

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
        """One page with the authors' names, oldest first unless ordered otherwise, and the total; two queries.

        A search looks into the bodies.
        """
        wanted = self.place.holds() if parent_id is None else self.place.holds() & (Comment.parent_id == parent_id)
        if page.search is not None:
            wanted &= holds(fold, fold(Comment.body.expression), SearchTerms.of(page.search))
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
        """A comment that the caller wrote, or that stands in the caller's stream, locked; raises NotFound."""
        query = select(Comment).where(self.place.holds(), Comment.id == comment_id)
        if self.place.stream.owner_id != who.user_id:
            query = query.where(Comment.author_id == who.user_id)
        return _found(await self.session.scalar(query.with_for_update()))

    async def add(self, comment: Comment) -> None:
        """Stores it."""
        self.session.add(comment)
        await self.session.flush()

    async def remove(self, comment: Comment) -> None:
        """Removes it with the replies to it."""
        await self.session.execute(delete(Comment).where(Comment.id == comment.id))


async def remove_all_of(session: Session, author_id: UUID) -> None:
    """Removes what the person wrote, wherever it is, with the replies to it."""
    await session.execute(delete(Comment).where(Comment.author_id == author_id))


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


def _found(comment: Comment | None) -> Comment:
    if comment is None:
        raise NotFound("There is no such comment.")
    return comment
