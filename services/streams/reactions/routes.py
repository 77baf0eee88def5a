"""HTTP of reactions: 204 however often."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.streams.errors import Locked
from services.streams.models import StreamLike, StreamSave
from services.streams.reactions import service
from shared.errors import NotFound
from shared.web.http import Route, SessionDep, Signed, errors_of

router = APIRouter(
    prefix="/api/v1",
    route_class=Route,
    tags=["streams"],
    default_response_class=Response,
    responses=errors_of(NotFound),
)


@router.post("/streams/{stream_id}/like/", status_code=204)
async def like_stream(stream_id: UUID, who: Signed, session: SessionDep) -> None:
    """Likes a stream."""
    await service.react_to_stream(session, who, StreamLike, stream_id)


@router.delete("/streams/{stream_id}/like/", status_code=204)
async def unlike_stream(stream_id: UUID, who: Signed, session: SessionDep) -> None:
    """Takes the like back."""
    await service.take_back_from_stream(session, who, StreamLike, stream_id)


@router.post("/streams/{stream_id}/save/", status_code=204)
async def save_stream(stream_id: UUID, who: Signed, session: SessionDep) -> None:
    """Keeps a stream for later; `GET /streams/?saved=true` lists them."""
    await service.react_to_stream(session, who, StreamSave, stream_id)


@router.delete("/streams/{stream_id}/save/", status_code=204)
async def unsave_stream(stream_id: UUID, who: Signed, session: SessionDep) -> None:
    """No longer keeps it."""
    await service.take_back_from_stream(session, who, StreamSave, stream_id)


@router.post("/posts/{post_id}/like/", status_code=204, responses=errors_of(Locked))
async def like_post(post_id: UUID, who: Signed, session: SessionDep) -> None:
    """Likes a post that is open to the caller."""
    await service.like_post(session, who, post_id)


@router.delete("/posts/{post_id}/like/", status_code=204)
async def unlike_post(post_id: UUID, who: Signed, session: SessionDep) -> None:
    """Takes the like back."""
    await service.unlike_post(session, who, post_id)
