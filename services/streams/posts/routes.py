"""HTTP of posts: the posts themselves, and voting, liking and commenting."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.streams.comments import service as comments
from services.streams.comments.errors import NoReplyToReply
from services.streams.comments.schemas import CommentView, NewComment
from services.streams.polls import service as polls
from services.streams.polls.errors import AlreadyVoted, PollClosed
from services.streams.polls.schemas import NewVote
from services.streams.posts import service
from services.streams.posts.domain import PostStatus
from services.streams.posts.errors import Locked, PollFixed
from services.streams.posts.repository import Posts
from services.streams.posts.schemas import AnyPost, NewPost, PostChange
from services.streams.posts.views import view_of, views_of
from services.streams.runtime import RuntimeDep
from services.streams.streams.repository import Streams
from services.streams.tiers.errors import UnknownTier
from shared.auth.permissions import Permission
from shared.auth.verification import Caller
from shared.errors import NotFound
from shared.records.state import IllegalTransition
from shared.web.http import MaybeSigned, Route, SessionDep, Signed, errors_of, maybe_signed, needs
from shared.web.pagination import Listing, Paging

router = APIRouter(prefix="/api/v1", route_class=Route, tags=["posts"], dependencies=[Depends(maybe_signed)])
POST_CODES = ("missing", "not_a_poll", "repeated_option", "in_the_past", "already_published", "not_scheduled")
Practitioner = Annotated[Caller, needs(Permission.WRITE_STREAMS)]


@router.get("/streams/{stream_id}/posts/", responses=errors_of(NotFound))
async def list_posts(
    stream_id: UUID,
    page: Paging,
    caller: MaybeSigned,
    session: SessionDep,
    runtime: RuntimeDep,
    status: Annotated[PostStatus, Query(description="drafts and scheduled posts are listed to their owner")] = (
        PostStatus.PUBLISHED
    ),
) -> Listing[AnyPost]:
    """The stream's posts, newest first; `search` looks into bodies only of posts that are open to the caller."""
    await Streams(session).get(stream_id)
    rows, total = await Posts(session).list(stream_id, caller, page, status)
    views = await views_of(session, rows, caller)
    if await service.opens_by_now(runtime, views, caller):
        rows, total = await Posts(session).list(stream_id, caller, page, status)
        views = await views_of(session, rows, caller)
    return Listing[AnyPost].of(views, total, page)


@router.post("/streams/{stream_id}/posts/", status_code=201, responses=errors_of(NotFound, UnknownTier, *POST_CODES))
async def create_post(stream_id: UUID, body: NewPost, caller: Practitioner, session: SessionDep) -> AnyPost:
    """Creates a post in one's own stream."""
    return await view_of(session, await service.create(session, stream_id, caller, body), caller)


@router.get("/posts/{post_id}/", responses=errors_of(NotFound))
async def get_post(post_id: UUID, caller: MaybeSigned, session: SessionDep, runtime: RuntimeDep) -> AnyPost:
    """A post; `locked` without its body where a higher tier is needed."""
    post = await Posts(session).get_visible(post_id, caller)
    view = await view_of(session, post, caller)
    return await view_of(session, post, caller) if await service.opens_by_now(runtime, [view], caller) else view


@router.put(
    "/posts/{post_id}/",
    responses=errors_of(NotFound, UnknownTier, IllegalTransition, PollFixed, *POST_CODES, "type_is_fixed"),
)
async def change_post(post_id: UUID, body: PostChange, caller: Practitioner, session: SessionDep) -> AnyPost:
    """Changes what is given of one's own post."""
    return await view_of(session, await service.change(session, post_id, caller, body), caller)


@router.delete("/posts/{post_id}/", status_code=204, responses=errors_of(NotFound))
async def delete_post(post_id: UUID, caller: Practitioner, session: SessionDep) -> None:
    """Deletes one's own post."""
    await service.remove(session, post_id, caller)


@router.post("/posts/{post_id}/vote/", responses=errors_of(NotFound, Locked, PollClosed, AlreadyVoted))
async def vote_in_poll(post_id: UUID, body: NewVote, caller: Signed, session: SessionDep) -> AnyPost:
    """Votes in the post's poll, once; answers the post."""
    post = await service.get_open(session, post_id, caller)
    await polls.vote(session, post.id, caller, body.option_id, post.closes_at)
    return await view_of(session, post, caller)


@router.post("/posts/{post_id}/like/", status_code=204, responses=errors_of(NotFound, Locked))
async def like_post(post_id: UUID, caller: Signed, session: SessionDep) -> None:
    """Likes a post that is open to the caller."""
    await service.like(session, post_id, caller)


@router.delete("/posts/{post_id}/like/", status_code=204, responses=errors_of(NotFound))
async def unlike_post(post_id: UUID, caller: Signed, session: SessionDep) -> None:
    """Takes the like back."""
    await service.unlike(session, post_id, caller)


@router.get("/posts/{post_id}/comments/", responses=errors_of(NotFound, Locked))
async def list_post_comments(
    post_id: UUID, page: Paging, caller: Signed, session: SessionDep, parent_id: UUID | None = None
) -> Listing[CommentView]:
    """The comments of a post that is open to the caller, oldest first; `parent_id` lists the replies to one."""
    target = await service.comment_target(session, post_id, caller, lock=False)
    return await comments.list_comments(session, target, page, parent_id)


@router.post("/posts/{post_id}/comments/", status_code=201, responses=errors_of(NotFound, Locked, NoReplyToReply))
async def comment_on_post(post_id: UUID, body: NewComment, caller: Signed, session: SessionDep) -> CommentView:
    """Comments a post that is open to the caller, or replies to a comment of it."""
    return await comments.write(session, await service.comment_target(session, post_id, caller), caller, body)


@router.delete("/posts/{post_id}/comments/{comment_id}/", status_code=204, responses=errors_of(NotFound))
async def delete_post_comment(post_id: UUID, comment_id: UUID, caller: Signed, session: SessionDep) -> None:
    """The author, or the owner of the stream, removes a comment with its replies."""
    target = await service.comment_target_to_remove(session, post_id, caller)
    await comments.remove(session, target, comment_id, caller)
