"""HTTP of following."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.streams.errors import NotAvailable, UnknownTier
from services.streams.follows import service
from services.streams.follows.repository import Follows
from services.streams.follows.schemas import FollowView, NewFollow
from shared.errors import NotFound
from shared.web.http import Route, SessionDep, Signed, errors_of
from shared.web.pagination import Listing, Paging

router = APIRouter(prefix="/api/v1/streams", route_class=Route, tags=["streams"])


@router.get("/my-subscriptions/")
async def my_subscriptions(page: Paging, who: Signed, session: SessionDep) -> Listing[FollowView]:
    """The streams that the caller follows, latest first."""
    rows, total = await Follows(session).list(who, page)
    return Listing[FollowView].of([FollowView.model_validate(row) for row in rows], total, page)


@router.post(
    "/{stream_id}/subscribe/",
    status_code=201,
    responses=errors_of(NotFound, UnknownTier, NotAvailable) | {200: {"description": "followed already"}},
)
async def subscribe(
    stream_id: UUID, body: NewFollow, who: Signed, session: SessionDep, response: Response
) -> FollowView:
    """Follows the stream; 200 where the caller did before. Paid tiers: 422 `not_available`."""
    level, is_new = await service.follow(session, who, stream_id, body.tier_level)
    response.status_code = 201 if is_new else 200
    return FollowView(stream_id=stream_id, tier_level=level)


@router.delete("/{stream_id}/subscribe/", status_code=204, response_class=Response, responses=errors_of(NotFound))
async def unsubscribe(stream_id: UUID, who: Signed, session: SessionDep) -> None:
    """Follows no longer."""
    await service.unfollow(session, who, stream_id)
