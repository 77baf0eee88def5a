"""HTTP of streams."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import ColumnElement, exists

from services.streams.channels import service
from services.streams.channels.repository import Streams
from services.streams.channels.schemas import NewStream, NewTip, StreamChange, StreamView
from services.streams.errors import NotAvailable, TierInUse
from services.streams.models import Stream, StreamSave
from shared.auth.verification import Who
from shared.errors import NotFound, Unauthenticated
from shared.web.http import MaybeSigned, Practitioner, Route, SessionDep, Signed, errors_of, maybe_signed
from shared.web.pagination import Listing, Paging

# A bad token is refused everywhere, also where none is needed.
router = APIRouter(prefix="/api/v1", route_class=Route, tags=["streams"], dependencies=[Depends(maybe_signed)])


async def filter_of(
    who: MaybeSigned, practitioner_id: UUID | None = None, saved: bool | None = None
) -> list[ColumnElement[bool]]:
    """The filters of the query string; `saved` needs somebody who saves."""
    wanted = [] if practitioner_id is None else [Stream.practitioner_id == practitioner_id]
    return wanted if saved is None else [*wanted, _saved(who) if saved else ~_saved(who)]


def _saved(who: Who | None) -> ColumnElement[bool]:
    if who is None:
        raise Unauthenticated
    return exists().where(StreamSave.stream_id == Stream.id, StreamSave.user_id == who.user_id)


@router.get("/streams/")
async def list_streams(
    page: Paging, only: Annotated[list[ColumnElement[bool]], Depends(filter_of)], who: MaybeSigned, session: SessionDep
) -> Listing[StreamView]:
    """Streams, newest first; `ordering` by created_at, title, follower_count, like_count; `saved` by the caller."""
    rows, total = await Streams(session).list(page, *only)
    return Listing[StreamView].of(await service.shown(session, who, rows), total, page)


@router.post("/streams/", status_code=201)
async def create_stream(body: NewStream, who: Practitioner, session: SessionDep) -> StreamView:
    """Opens a stream."""
    return await _shown(session, who, await service.create(session, who, body))


@router.get("/streams/{stream_id}/", responses=errors_of(NotFound))
async def get_stream(stream_id: UUID, who: MaybeSigned, session: SessionDep) -> StreamView:
    """A stream with its tiers."""
    return await _shown(session, who, await Streams(session).get(stream_id))


@router.put("/streams/{stream_id}/", responses=errors_of(NotFound, TierInUse))
async def change_stream(stream_id: UUID, body: StreamChange, who: Practitioner, session: SessionDep) -> StreamView:
    """Changes what is given of one's own stream."""
    return await _shown(session, who, await service.change(session, who, stream_id, body))


@router.delete("/streams/{stream_id}/", status_code=204, response_class=Response, responses=errors_of(NotFound))
async def delete_stream(stream_id: UUID, who: Practitioner, session: SessionDep) -> None:
    """Deletes one's own stream with everything in it."""
    await service.remove(session, who, stream_id)


@router.post("/streams/{stream_id}/tips/", status_code=201, responses=errors_of(NotFound, NotAvailable))
async def tip(stream_id: UUID, body: NewTip, who: Signed, session: SessionDep) -> None:
    """Tips cannot be given yet: 422 `not_available`."""
    await service.tip(session, stream_id, body.amount)


async def _shown(session: SessionDep, who: Who | None, stream: Stream) -> StreamView:
    [view] = await service.shown(session, who, [stream])
    return view
