"""SQL of comments."""

from uuid import UUID

from sqlalchemy import ColumnElement, delete, select

from services.streams.comments.domain import CommentTarget
from services.streams.comments.models import Comment
from services.streams.directory.models import User
from services.streams.search.repository import fold
from shared.auth.verification import Caller
from shared.database.listing import Found, ListOf, Page, given
from shared.database.repository import Repository, found
from shared.database.search import SearchTerms, holds
from shared.database.session import Session

BODY = fold(Comment.body.expression)
LIST = ListOf(
    Comment,
    {"created_at": Comment.created_at},
    default="created_at",
    last=Comment.id,
    search=lambda query: holds(fold, BODY, SearchTerms.of(query)),
)


class Comments(Repository):
    """The comments of one target."""

    def __init__(self, session: Session, target: CommentTarget) -> None:
        super().__init__(session)
        self.target = target

    async def list(self, page: Page, parent_id: UUID | None) -> Found[tuple[Comment, str | None]]:
        """One page with the authors' names, oldest first unless ordered otherwise, and the total; two queries.

        A search looks into the bodies.
        """
        named = select(Comment, User.display_name).outerjoin(User, User.user_id == Comment.author_id)
        return await LIST.rows(self.session, named.where(self._all(), *given({Comment.parent_id: parent_id})), page)

    async def get_parent(self, comment_id: UUID) -> Comment:
        """A comment of this target, which cannot be removed until the commit; raises NotFound."""
        query = select(Comment).where(self._all(), Comment.id == comment_id)
        return found(await self.session.scalar(query.with_for_update(read=True, key_share=True)), "comment")

    async def get_removable(self, comment_id: UUID, caller: Caller) -> Comment:
        """A comment that the caller wrote, or that is in the caller's stream, locked; raises NotFound."""
        query = select(Comment).where(self._all(), Comment.id == comment_id)
        if self.target.owner_id != caller.user_id:
            query = query.where(Comment.author_id == caller.user_id)
        return found(await self.session.scalar(query.with_for_update()), "comment")

    async def add(self, comment: Comment) -> None:
        """Stores it."""
        self.session.add(comment)
        await self.session.flush()

    async def remove(self, comment: Comment) -> None:
        """Removes it with the replies to it."""
        await self.session.execute(delete(Comment).where(Comment.id == comment.id))

    def _all(self) -> ColumnElement[bool]:
        of_post = Comment.post_id.is_(None) if self.target.post_id is None else Comment.post_id == self.target.post_id
        return (Comment.stream_id == self.target.stream_id) & of_post


async def remove_all(session: Session, author_id: UUID) -> None:
    """Removes the author's comments on every target, with the replies to them."""
    await session.execute(delete(Comment).where(Comment.author_id == author_id))
