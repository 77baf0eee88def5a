"""HTTP of comments."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.streams.comments import service
from services.streams.comments.schemas import CommentView, NewComment
from services.streams.errors import Locked, NoReplyToReply
from shared.errors import NotFound
from shared.web.http import Route, SessionDep, Signed, errors_of
from shared.web.pagination import Listing, Paging

router = APIRouter(prefix="/api/v1", route_class=Route, tags=["comments"], responses=errors_of(NotFound))


@router.get("/posts/{post_id}/comments/", responses=errors_of(Locked))
async def list_comments(
    post_id: UUID, page: Paging, who: Signed, session: SessionDep, parent_id: UUID | None = None
) -> Listing[CommentView]:
    """The comments of a post that is open to the caller, oldest first; `parent_id` lists the replies to one."""
    return await service.listed(session, await service.on_post(session, who, post_id, keep=False), page, parent_id)


@router.post("/posts/{post_id}/comments/", status_code=201, responses=errors_of(Locked, NoReplyToReply))
async def comment(post_id: UUID, body: NewComment, who: Signed, session: SessionDep) -> CommentView:
    """Comments a post that is open to the caller, or replies to a comment of it."""
    return await service.write(session, who, await service.on_post(session, who, post_id), body)


@router.delete("/posts/{post_id}/comments/{comment_id}/", status_code=204, response_class=Response)
async def delete_comment(post_id: UUID, comment_id: UUID, who: Signed, session: SessionDep) -> None:
    """The author, or the owner of the stream, removes a comment with its replies."""
    await service.remove(session, who, await service.on_visible_post(session, who, post_id), comment_id)


@router.get("/streams/{stream_id}/comments/")
async def list_stream_comments(
    stream_id: UUID, page: Paging, who: Signed, session: SessionDep, parent_id: UUID | None = None
) -> Listing[CommentView]:
    """The comments of the stream itself, oldest first."""
    return await service.listed(session, await service.on_stream(session, stream_id, keep=False), page, parent_id)


@router.post("/streams/{stream_id}/comments/", status_code=201, responses=errors_of(NoReplyToReply))
async def comment_stream(stream_id: UUID, body: NewComment, who: Signed, session: SessionDep) -> CommentView:
    """Comments the stream itself, or replies to a comment of it."""
    return await service.write(session, who, await service.on_stream(session, stream_id), body)


@router.delete("/streams/{stream_id}/comments/{comment_id}/", status_code=204, response_class=Response)
async def delete_stream_comment(stream_id: UUID, comment_id: UUID, who: Signed, session: SessionDep) -> None:
    """The author, or the owner of the stream, removes a comment with its replies."""
    await service.remove(session, who, await service.on_stream(session, stream_id), comment_id)
