"""HTTP of streams: the streams themselves, and following, liking, saving and commenting them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from services.streams.comments import service as comments
from services.streams.comments.errors import NoReplyToReply
from services.streams.comments.schemas import CommentView, NewComment
from services.streams.follows.schemas import FollowView, NewFollow, SubscribedView
from services.streams.reactions.models import StreamLike, StreamSave
from services.streams.runtime import RuntimeDep
from services.streams.streams import service, subscribing
from services.streams.streams.repository import StreamFilter, Streams
from services.streams.streams.schemas import NewStream, NewTip, StreamChange, StreamView
from services.streams.streams.views import view_of, views_of
from services.streams.subscriptions.errors import (
    SALE_REFUSALS,
    OwnStream,
    SalesSuspended,
    StreamInUse,
    SubscriptionActive,
)
from services.streams.subscriptions.repository import Subscriptions
from services.streams.tiers.domain import FREE
from services.streams.tiers.errors import BelowMinimumCharge, NotAvailable, TierInUse, UnknownTier
from shared.auth.permissions import Permission
from shared.auth.verification import Caller
from shared.errors import NotFound, Unauthenticated
from shared.records.money import AMOUNT_CODES
from shared.records.prices import PriceChanged
from shared.web.http import Idempotency, MaybeSigned, Route, SessionDep, Signed, errors_of, maybe_signed, needs
from shared.web.pagination import Listing, Paging

# A bad token is refused everywhere, also where none is needed.
TIER_CODES = ("repeated_level", "level_is_free", BelowMinimumCharge, *AMOUNT_CODES)
router = APIRouter(prefix="/api/v1/streams", route_class=Route, tags=["streams"], dependencies=[Depends(maybe_signed)])
Practitioner = Annotated[Caller, needs(Permission.WRITE_STREAMS)]


async def filter_of(
    caller: MaybeSigned, practitioner_id: UUID | None = None, saved: bool | None = None
) -> StreamFilter:
    """The filters of the query string; `saved` needs a caller who saves."""
    if saved is not None and caller is None:
        raise Unauthenticated
    return StreamFilter(practitioner_id, saved)


@router.get("/my-subscriptions/")
async def list_my_subscriptions(
    page: Paging, caller: Signed, session: SessionDep, runtime: RuntimeDep
) -> Listing[FollowView]:
    """The streams that the caller follows, latest first, and what they may see there now."""
    await subscribing.catch_up(runtime, caller.user_id)
    rows, total = await Streams(session).list_followed(caller, page)
    in_force = await Subscriptions(session).in_force(caller.user_id, [row.stream_id for row in rows])
    return Listing[FollowView].of([FollowView.of(row, in_force.get(row.stream_id)) for row in rows], total, page)


@router.get("/")
async def list_streams(
    page: Paging, only: Annotated[StreamFilter, Depends(filter_of)], caller: MaybeSigned, session: SessionDep
) -> Listing[StreamView]:
    """Streams, newest first; `ordering` by created_at, title, follower_count, like_count; `saved` by the caller."""
    rows, total = await Streams(session).list(page, caller, only)
    return Listing[StreamView].of(await views_of(session, rows, caller), total, page)


@router.post("/", status_code=201, responses=errors_of(*TIER_CODES))
async def create_stream(body: NewStream, caller: Practitioner, session: SessionDep, runtime: RuntimeDep) -> StreamView:
    """Opens a stream."""
    stream = await service.create(session, caller, body, runtime.settings.currency)
    return await view_of(session, stream, caller)


@router.get("/{stream_id}/", responses=errors_of(NotFound))
async def get_stream(stream_id: UUID, caller: MaybeSigned, session: SessionDep) -> StreamView:
    """A stream with its tiers."""
    return await view_of(session, await Streams(session).get(stream_id), caller)


@router.put("/{stream_id}/", responses=errors_of(NotFound, TierInUse, *TIER_CODES))
async def change_stream(
    stream_id: UUID, body: StreamChange, caller: Practitioner, session: SessionDep, runtime: RuntimeDep
) -> StreamView:
    """Changes what is given of one's own stream."""
    stream = await service.change(session, stream_id, caller, body, runtime.settings.currency)
    return await view_of(session, stream, caller)


@router.delete("/{stream_id}/", status_code=204, responses=errors_of(NotFound, StreamInUse))
async def delete_stream(stream_id: UUID, caller: Practitioner, session: SessionDep) -> None:
    """Deletes one's own stream with everything in it."""
    await service.remove(session, stream_id, caller)


@router.post("/{stream_id}/tips/", status_code=201, responses=errors_of(NotFound, NotAvailable, *AMOUNT_CODES))
async def tip_stream(stream_id: UUID, body: NewTip, _: Signed, session: SessionDep, runtime: RuntimeDep) -> None:
    """Tips cannot be given yet: 422 `not_available`."""
    await service.tip(session, stream_id, body.amount, runtime.settings.currency)


@router.post(
    "/{stream_id}/subscribe/",
    status_code=201,
    responses=errors_of(NotFound, UnknownTier, PriceChanged, OwnStream, SalesSuspended, *SALE_REFUSALS)
    | {200: {"description": "followed already"}},
)
async def subscribe_to_stream(
    stream_id: UUID, body: NewFollow, caller: Signed, once: Idempotency, runtime: RuntimeDep, response: Response
) -> SubscribedView:
    """Follows the stream; 200 where the caller did before. A paid tier is billed each month from now on, 201."""
    if body.tier_level > FREE:
        return await subscribing.subscribe(runtime, caller, once, stream_id, body)
    response.status_code, view = await subscribing.follow(runtime, caller, once, stream_id)
    return view


@router.delete("/{stream_id}/subscribe/", status_code=204, responses=errors_of(NotFound, SubscriptionActive))
async def unsubscribe_from_stream(stream_id: UUID, caller: Signed, session: SessionDep) -> None:
    """Follows no longer."""
    await service.unfollow(session, stream_id, caller)


@router.post("/{stream_id}/like/", status_code=204, responses=errors_of(NotFound))
async def like_stream(stream_id: UUID, caller: Signed, session: SessionDep) -> None:
    """Likes a stream."""
    await service.react(session, stream_id, caller, StreamLike)


@router.delete("/{stream_id}/like/", status_code=204, responses=errors_of(NotFound))
async def unlike_stream(stream_id: UUID, caller: Signed, session: SessionDep) -> None:
    """Takes the like back."""
    await service.take_back(session, stream_id, caller, StreamLike)


@router.post("/{stream_id}/save/", status_code=204, responses=errors_of(NotFound))
async def save_stream(stream_id: UUID, caller: Signed, session: SessionDep) -> None:
    """Saves a stream for later; `GET /streams/?saved=true` lists them."""
    await service.react(session, stream_id, caller, StreamSave)


@router.delete("/{stream_id}/save/", status_code=204, responses=errors_of(NotFound))
async def unsave_stream(stream_id: UUID, caller: Signed, session: SessionDep) -> None:
    """No longer saves it."""
    await service.take_back(session, stream_id, caller, StreamSave)


@router.get("/{stream_id}/comments/", responses=errors_of(NotFound))
async def list_stream_comments(
    stream_id: UUID, page: Paging, _: Signed, session: SessionDep, parent_id: UUID | None = None
) -> Listing[CommentView]:
    """The comments of the stream itself, oldest first; `parent_id` lists the replies to one."""
    target = await service.comment_target(session, stream_id, lock=False)
    return await comments.list_comments(session, target, page, parent_id)


@router.post("/{stream_id}/comments/", status_code=201, responses=errors_of(NotFound, NoReplyToReply))
async def comment_on_stream(stream_id: UUID, body: NewComment, caller: Signed, session: SessionDep) -> CommentView:
    """Comments the stream itself, or replies to a comment of it."""
    return await comments.write(session, await service.comment_target(session, stream_id), caller, body)


@router.delete("/{stream_id}/comments/{comment_id}/", status_code=204, responses=errors_of(NotFound))
async def delete_stream_comment(stream_id: UUID, comment_id: UUID, caller: Signed, session: SessionDep) -> None:
    """The author, or the owner of the stream, removes a comment with its replies."""
    await comments.remove(session, await service.comment_target(session, stream_id), comment_id, caller)
