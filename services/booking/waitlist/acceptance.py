"""Taking the seat that is offered: from the entry to a booking in one transaction, then a checkout like any other."""

from uuid import UUID

from services.booking.bookings.schemas import BookingView
from services.booking.calendars.service import open_service
from services.booking.checkout.service import earlier_try, order_request, pay_with_pass, place_order, start_checkout
from services.booking.holds.errors import NotCombinable
from services.booking.holds.repository import Holds
from services.booking.holds.schemas import BookBody
from services.booking.holds.service import hold_offered
from services.booking.runtime import BookingRuntime
from services.booking.sessions.repository import Sessions
from services.booking.waitlist.errors import OfferExpired
from services.booking.waitlist.schemas import AcceptBody
from services.booking.waitlist_entries.domain import EntryStatus
from services.booking.waitlist_entries.models import WaitlistEntry
from services.booking.waitlist_entries.repository import Entries
from shared.auth.scopes import PAYS
from shared.auth.verification import Caller
from shared.database.idempotency import IdempotentOperation
from shared.database.repository import found
from shared.database.session import Session
from shared.errors import PaymentMethodRequired
from shared.internal.payments import OpenOrder


async def accept(
    runtime: BookingRuntime, caller: Caller, entry_id: UUID, body: AcceptBody, once: IdempotentOperation
) -> BookingView:
    """A pending booking of the offered seat, or a confirmed one where nothing is due. What payments refuses leaves the
    offer as it was.

    Raises NotFound, OfferExpired, TooManyHolds, InsufficientCredits, PaymentMethodRequired, and as `book` does.
    """
    if body.pass_id is not None and body.credits is not None:
        raise NotCombinable(field="pass_id")
    taken = await earlier_try(runtime, once) or await _take(runtime, caller, entry_id, body, once)
    return taken if isinstance(taken, BookingView) else await place_order(runtime, caller, taken, once)


async def _take(
    runtime: BookingRuntime, caller: Caller, entry_id: UUID, body: AcceptBody, once: IdempotentOperation
) -> OpenOrder | BookingView:
    """The order of the seat, or the booking where a pass has paid it."""
    async with runtime.db.read() as session:
        entry = await Entries(session).get_of(caller.user_id, entry_id)
    bookable = await open_service(runtime, entry.service_id)
    if body.payment_method_id is not None:
        caller.demand_scope(PAYS)
    elif bookable.service.asks_fees(by_pass=body.pass_id is not None):
        raise PaymentMethodRequired
    async with runtime.db.transaction() as session:
        await once.start(session)
        await Holds(session).lock(caller.user_id, entry.service_id)
        offered = await _offered(session, entry)
        wanted = BookBody(service_id=offered.service_id, start_time=offered.start_time, **dict(body))
        checkout = await start_checkout(session, once.id, body.credits, body.payment_method_id)
        checkout.bookings = [await hold_offered(session, runtime.settings, bookable, offered, wanted, once.id)]
        checkout.sold_pass = None
        if body.pass_id is not None:
            return await pay_with_pass(session, caller, once, body.pass_id)
    return order_request(checkout)


async def _offered(session: Session, known: WaitlistEntry) -> WaitlistEntry:
    """The entry, locked with its calendar, if it holds a seat now."""
    await Sessions(session).lock_calendar(known.practitioner_id)
    entry = found(await Entries(session).find(known.id, lock=True))
    is_over = entry.offer_expires_at is None or entry.offer_expires_at <= session.now()
    if entry.status is not EntryStatus.OFFERED or is_over:
        raise OfferExpired
    return entry
