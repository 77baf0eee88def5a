"""Waitlists over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from services.booking.bookings.schemas import BookingView
from services.booking.calendars.errors import StartNotOffered
from services.booking.checkout.errors import ORDER_REFUSALS, HoldExpired
from services.booking.holds.errors import ClientLimitReached, NotCombinable, OwnService, TooManyHolds
from services.booking.passes.errors import NotInPass, OutsideValidity, PassNotActive, PassUsedUp
from services.booking.runtime import Rt
from services.booking.schedules.service import own_service
from services.booking.sessions.errors import SlotTaken
from services.booking.waitlist import acceptance, service
from services.booking.waitlist.errors import NotFull, NoWaitlist, OfferExpired, UnknownClient
from services.booking.waitlist.schemas import AcceptBody, EntryView, InviteBody, WaitBody
from services.booking.waitlist.views import own_views, views_of_list
from services.booking.waitlist_entries.repository import Entries
from shared.auth.permissions import Permission
from shared.auth.verification import Caller
from shared.errors import Forbidden, NotFound, PaymentMethodRequired
from shared.records.money import AMOUNT_CODES
from shared.web.http import Idempotency, InPerson, Route, SessionDep, Signed, errors_of, needs
from shared.web.pagination import Listing, Paging

router = APIRouter(prefix="/api/v1", route_class=Route, tags=["waitlist"])
Practitioner = Annotated[Caller, needs(Permission.RUN_SESSIONS)]
OWN = errors_of(Forbidden, NotFound)
JOINED_BEFORE = 200


@router.post(
    "/services/{service_id}/waitlist/",
    status_code=201,
    responses=errors_of(NotFound, OwnService, StartNotOffered, NotFull, NoWaitlist),
)
async def join_waitlist(
    service_id: UUID, body: WaitBody, caller: Signed, runtime: Rt, once: Idempotency, response: Response
) -> EntryView:
    """Waits for a seat of a full session; again it is the same entry, with 200."""
    bookable = await service.service_to_wait_for(runtime, caller, service_id)
    async with runtime.db.transaction() as session:
        await once.start(session)
        entry, is_new = await service.join(session, runtime, caller, bookable, body.start_time)
        response.status_code = 201 if is_new else JOINED_BEFORE
        [view] = await own_views(session, [entry])
        await once.done(session, response.status_code, view)
    return view


@router.get("/waitlist/")
async def list_waitlist_entries(caller: Signed, session: SessionDep, page: Paging) -> Listing[EntryView]:
    """One's own entries, the newest first; `ordering` by created_at, start_time."""
    entries, total = await Entries(session).list_of(caller.user_id, page)
    return Listing[EntryView].of(await own_views(session, entries), total, page)


@router.get("/services/{service_id}/waitlist/", responses=OWN)
async def list_service_waitlist(
    service_id: UUID, caller: Practitioner, session: SessionDep, runtime: Rt, page: Paging
) -> Listing[EntryView]:
    """Who waits for one's own service or is offered a seat, in order; `ordering` by created_at, start_time."""
    await own_service(runtime, caller, service_id)
    entries, total = await Entries(session).list_for(service_id, page)
    views = await views_of_list(session, entries, runtime.settings.client_names)
    return Listing[EntryView].of(views, total, page)


@router.delete("/waitlist/{entry_id}/", status_code=204, responses=errors_of(NotFound))
async def leave_waitlist(entry_id: UUID, caller: Signed, session: SessionDep) -> None:
    """Waits no more, or turns an offer down; the seat is then the next one's."""
    await service.leave(session, caller, entry_id)


@router.post(
    "/waitlist/{entry_id}/accept/",
    status_code=201,
    dependencies=[InPerson],
    responses=errors_of(
        NotFound,
        PaymentMethodRequired,
        OfferExpired,
        TooManyHolds,
        ClientLimitReached,
        HoldExpired,
        NotCombinable,
        PassNotActive,
        PassUsedUp,
        NotInPass,
        OutsideValidity,
        *ORDER_REFUSALS,
        *AMOUNT_CODES,
    ),
)
async def accept_offer(
    entry_id: UUID, caller: Signed, runtime: Rt, once: Idempotency, body: AcceptBody | None = None
) -> BookingView:
    """Books the seat that is offered; its hold ends with the offer."""
    return await acceptance.accept(runtime, caller, entry_id, body or AcceptBody(), once)


@router.post(
    "/services/{service_id}/invites/",
    status_code=201,
    responses=OWN | errors_of(OwnService, StartNotOffered, UnknownClient, SlotTaken),
)
async def invite_client(
    service_id: UUID, body: InviteBody, caller: Practitioner, runtime: Rt, once: Idempotency, response: Response
) -> EntryView:
    """Holds a seat of one's own service for a client; again it is the same offer, with 200."""
    bookable = await service.service_to_invite_to(runtime, caller, service_id, body)
    async with runtime.db.transaction() as session:
        await once.start(session)
        entry, is_new = await service.invite(session, bookable, body)
        response.status_code = 201 if is_new else JOINED_BEFORE
        [view] = await views_of_list(session, [entry], runtime.settings.client_names)
        await once.done(session, response.status_code, view)
    return view
