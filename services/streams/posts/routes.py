"""HTTP of posts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from services.streams.channels.repository import Streams
from services.streams.errors import AlreadyVoted, Locked, PollClosed, PollFixed, UnknownTier
from services.streams.models import Post
from services.streams.posts import service
from services.streams.posts.domain import PostStatus
from services.streams.posts.repository import Posts
from services.streams.posts.schemas import AnyPost, NewPost, NewVote, PostChange
from services.streams.posts.shown import shown
from shared.auth.verification import Who
from shared.errors import NotFound
from shared.records.state import IllegalTransition
from shared.web.http import MaybeSigned, Practitioner, Route, SessionDep, Signed, errors_of, maybe_signed
from shared.web.pagination import Listing, Paging

router = APIRouter(prefix="/api/v1", route_class=Route, tags=["posts"], dependencies=[Depends(maybe_signed)])


@router.get("/streams/{stream_id}/posts/", responses=errors_of(NotFound))
async def list_posts(
    stream_id: UUID,
    page: Paging,
    who: MaybeSigned,
    session: SessionDep,
    status: Annotated[PostStatus, Query(description="drafts and scheduled posts are listed to their owner")] = (
        PostStatus.PUBLISHED
    ),
) -> Listing[AnyPost]:
    """The stream's posts, newest first; `search` looks into bodies only of posts that are open to the caller."""
    await Streams(session).get(stream_id)
    rows, total = await Posts(session).list(page, who, stream_id, status)
    return Listing[AnyPost].of(await shown(session, who, rows), total, page)


@router.post("/streams/{stream_id}/posts/", status_code=201, responses=errors_of(NotFound, UnknownTier))
async def create_post(stream_id: UUID, body: NewPost, who: Practitioner, session: SessionDep) -> AnyPost:
    """Writes a post into one's own stream."""
    return await _shown(session, who, await service.create(session, who, stream_id, body))


@router.get("/posts/{post_id}/", responses=errors_of(NotFound))
async def get_post(post_id: UUID, who: MaybeSigned, session: SessionDep) -> AnyPost:
    """A post; `locked` without its body for who needs a higher tier."""
    return await _shown(session, who, await Posts(session).get_visible(post_id, who))


@router.put("/posts/{post_id}/", responses=errors_of(NotFound, UnknownTier, IllegalTransition, PollFixed))
async def change_post(post_id: UUID, body: PostChange, who: Practitioner, session: SessionDep) -> AnyPost:
    """Changes what is given of one's own post."""
    return await _shown(session, who, await service.change(session, who, post_id, body))


@router.delete("/posts/{post_id}/", status_code=204, response_class=Response, responses=errors_of(NotFound))
async def delete_post(post_id: UUID, who: Practitioner, session: SessionDep) -> None:
    """Deletes one's own post."""
    await service.remove(session, who, post_id)


@router.post("/posts/{post_id}/vote/", responses=errors_of(NotFound, Locked, PollClosed, AlreadyVoted))
async def vote(post_id: UUID, body: NewVote, who: Signed, session: SessionDep) -> AnyPost:
    """Votes in the post's poll, once; answers the post."""
    return await _shown(session, who, await service.vote(session, who, post_id, body.option_id))


async def _shown(session: SessionDep, who: Who | None, post: Post) -> AnyPost:
    [view] = await shown(session, who, [post])
    return view
