"""Use cases of comments. Who may not see a post's body may neither read nor write its comments."""

from uuid import UUID

from services.streams.channels.repository import Streams
from services.streams.comments.repository import Comments, People, Place
from services.streams.comments.schemas import CommentView, NewComment
from services.streams.errors import NoReplyToReply
from services.streams.metrics import COMMENTS
from services.streams.models import Comment
from services.streams.posts.repository import Posts
from services.streams.posts.service import opened
from services.streams.posts.shown import is_open
from shared.auth.verification import Who
from shared.database.session import Session
from shared.events.streams import CommentCreated
from shared.messaging.outbox import emit
from shared.records.ids import new_id
from shared.web.pagination import Listing, Page


async def on_stream(session: Session, stream_id: UUID, *, keep: bool = True) -> Place:
    """The stream itself; raises NotFound. `keep` holds off its deletion until the commit."""
    return Place(await Streams(session).get(stream_id, keep=keep))


async def on_post(session: Session, who: Who, post_id: UUID, *, keep: bool = True) -> Place:
    """A post that is open to the caller; raises NotFound, Locked."""
    post = await opened(session, who, post_id, keep=keep)
    return Place(await Streams(session).get(post.stream_id), post)


async def on_visible_post(session: Session, who: Who, post_id: UUID) -> Place:
    """A post that may be locked meanwhile, to take one's own words back; raises NotFound."""
    post = await Posts(session).get_visible(post_id, who, keep=True)
    return Place(await Streams(session).get(post.stream_id), post)


async def listed(session: Session, place: Place, page: Page, parent_id: UUID | None) -> Listing[CommentView]:
    """One page of the place's comments."""
    rows, total = await Comments(session, place).list(page, parent_id)
    return Listing[CommentView].of([CommentView.of(comment, name) for comment, name in rows], total, page)


async def write(session: Session, who: Who, place: Place, given: NewComment) -> CommentView:
    """Writes a comment, or a reply to one; raises NotFound for a parent elsewhere, NoReplyToReply."""
    parent = None if given.parent_id is None else await Comments(session, place).get_parent(given.parent_id)
    if parent is not None and parent.parent_id is not None:
        raise NoReplyToReply
    comment = Comment(
        id=new_id(),
        stream_id=place.stream.id,
        post_id=None if place.post is None else place.post.id,
        parent_id=given.parent_id,
        author_id=who.user_id,
        body=given.body,
        created_at=session.now(),
    )
    await Comments(session, place).add(comment)
    await _tell(session, place, comment, parent)
    name = await People(session).name_of(who.user_id)
    if name is None:
        session.wake_jobs_after_commit("learn_names")
    return CommentView.of(comment, name)


async def remove(session: Session, who: Who, place: Place, comment_id: UUID) -> None:
    """The author, or the stream's owner, removes a comment with its replies; raises NotFound for others."""
    comment = await Comments(session, place).get_removable(comment_id, who)
    await Comments(session, place).remove(comment)


async def _tell(session: Session, place: Place, comment: Comment, parent: Comment | None) -> None:
    event = CommentCreated(
        comment_id=comment.id,
        stream_id=comment.stream_id,
        post_id=comment.post_id,
        parent_id=comment.parent_id,
        author_id=comment.author_id,
        owner_id=place.stream.owner_id,
        subject_title=place.title,
        recipient_ids=await _recipients(session, place, comment, parent),
    )
    emit(session, event)
    COMMENTS.inc()


async def _recipients(session: Session, place: Place, comment: Comment, parent: Comment | None) -> tuple[UUID, ...]:
    """The owner and the parent's author, without the commenter, as far as they may see what is commented."""
    concerned = {place.stream.owner_id} | ({parent.author_id} if parent else set())
    others = sorted(concerned - {comment.author_id})
    if place.post is None:
        return tuple(others)
    return tuple([user_id for user_id in others if await is_open(session, user_id, place.post)])
