"""Use cases of comments. Who may see the target is decided before."""

from uuid import UUID

from services.streams.comments.domain import CommentTarget
from services.streams.comments.errors import NoReplyToReply
from services.streams.comments.models import Comment
from services.streams.comments.repository import Comments
from services.streams.comments.schemas import CommentView, NewComment
from services.streams.directory.repository import Users
from services.streams.metrics import COMMENTS
from shared.auth.verification import Caller
from shared.database.listing import Page
from shared.database.session import Session
from shared.events.streams import CommentCreated
from shared.messaging.outbox import emit
from shared.records.ids import new_id
from shared.web.pagination import Listing


async def list_comments(
    session: Session, target: CommentTarget, page: Page, parent_id: UUID | None
) -> Listing[CommentView]:
    """One page of the target's comments."""
    rows, total = await Comments(session, target).list(page, parent_id)
    return Listing[CommentView].of([CommentView.of(comment, name) for comment, name in rows], total, page)


async def write(session: Session, target: CommentTarget, caller: Caller, given: NewComment) -> CommentView:
    """Stores a comment, or a reply to one; raises NotFound for a parent of another target, NoReplyToReply."""
    parent = None if given.parent_id is None else await Comments(session, target).get_parent(given.parent_id)
    if parent is not None and parent.parent_id is not None:
        raise NoReplyToReply
    comment = Comment(
        id=new_id(),
        stream_id=target.stream_id,
        post_id=target.post_id,
        parent_id=given.parent_id,
        author_id=caller.user_id,
        body=given.body,
        created_at=session.now(),
    )
    await Comments(session, target).add(comment)
    await _publish(session, target, comment, parent)
    name = await Users(session).find_name(caller.user_id)
    if name is None:
        session.wake_jobs_after_commit("fetch_missing_names")
    return CommentView.of(comment, name)


async def remove(session: Session, target: CommentTarget, comment_id: UUID, caller: Caller) -> None:
    """The author, or the stream's owner, removes a comment with its replies; raises NotFound for others."""
    comment = await Comments(session, target).get_removable(comment_id, caller)
    await Comments(session, target).remove(comment)


async def _publish(session: Session, target: CommentTarget, comment: Comment, parent: Comment | None) -> None:
    event = CommentCreated(
        comment_id=comment.id,
        stream_id=comment.stream_id,
        post_id=comment.post_id,
        parent_id=comment.parent_id,
        author_id=comment.author_id,
        owner_id=target.owner_id,
        subject_title=target.title,
        recipient_ids=await _recipients(target, comment, parent),
    )
    emit(session, event)
    COMMENTS.inc()


async def _recipients(target: CommentTarget, comment: Comment, parent: Comment | None) -> tuple[UUID, ...]:
    """The stream's owner and the parent's author, without the commenter, as far as they may see the target now."""
    concerned = {target.owner_id} | ({parent.author_id} if parent else set())
    others = sorted(concerned - {comment.author_id})
    return tuple([user_id for user_id in others if await target.may_see(user_id)])
