"""Booking a seat: hold it, open the order at payments, answer what the client needs to pay (rules 3, 4, 5).

Two transactions with one call between them. Whatever dies in between is finished by a repeat with the same key, by
`jobs.settle_checkouts`, or by the deadline.
"""

from typing import Any
from uuid import UUID

from services.booking.bookings.domain import CAPTURE_MARGIN, BookingStatus
from services.booking.bookings.models import Booking
from services.booking.bookings.schemas import BookingView
from services.booking.calendars.repository import ServiceWithHours
from services.booking.calendars.service import check_start, open_service
from services.booking.checkout.errors import HoldExpired
from services.booking.checkout.expiry import expire_overdue
from services.booking.checkout.models import Checkout
from services.booking.checkout.repository import Checkouts
from services.booking.checkout.saga import Event, State
from services.booking.checkout.steps import advance, advance_paid, authorize, decline, note_order, pay_by_pass
from services.booking.holds.checks import check_course, check_repeat
from services.booking.holds.errors import NotCombinable, OwnService
from services.booking.holds.plans import start_of
from services.booking.holds.requested import REQUEST
from services.booking.holds.schemas import BookBody, CreditsAsked
from services.booking.holds.seats import free_seat, restore_offer
from services.booking.holds.service import hold
from services.booking.passes.models import Pass
from services.booking.passes.repository import Passes
from services.booking.peers import capture_order, line_id_of, open_order
from services.booking.runtime import BookingRuntime
from shared.auth.scopes import PAYS
from shared.auth.verification import Caller
from shared.database.idempotency import IdempotentOperation
from shared.database.session import Session
from shared.errors import AppError, Conflict, PaymentMethodRequired, Unavailable
from shared.internal.payments import NewLine, OpenedOrder, OpenOrder
from shared.records.clock import machine_now
from shared.records.money import Money
from shared.work.attempts import REQUEST_LEASE


async def book(runtime: BookingRuntime, caller: Caller, wanted: BookBody, once: IdempotentOperation) -> BookingView:
    """A pending booking with its payment, or a confirmed one where nothing is due.

    With a saved card that is charged at once, `payment` says how that ended where the booking is still pending.

    Raises NotFound for a card that is not the client's, SlotTaken, PriceChanged, TooManyHolds, StartNotOffered,
    OwnService, InsufficientCredits, NotCombinable, NotRepeatable, TooMuch, PaymentMethodRequired, and payments'
    refusals of a membership;
    Unavailable when payments' answer is unknown: then the booking goes on by itself, and a repeat with the same key
    finds it.
    """
    if wanted.pass_id is not None:
        return await _book_by_pass(runtime, caller, wanted, wanted.pass_id, once)
    request = await earlier_try(runtime, once) or await _hold(runtime, caller, wanted, once)
    return await place_order(runtime, caller, request, once)


async def place_order(
    runtime: BookingRuntime, caller: Caller, request: OpenOrder, once: IdempotentOperation
) -> BookingView:
    """The second half of `book`: the seat is held, and its order is opened."""
    order = await order_or_discard(runtime, once.id, request)
    async with runtime.db.transaction() as session:
        checkout = await record_order(session, once.id, order)
        booking = checkout.booking
        if booking.status is BookingStatus.EXPIRED:
            raise HoldExpired
        children = checkout.seats if booking.is_parent else ()
        view = BookingView.seen_by(caller, booking, session.now(), children=children).after(order.payment)
        await once.done(session, 201, view)
    return view


async def order_or_discard(runtime: BookingRuntime, purchase_id: UUID, request: OpenOrder) -> OpenedOrder:
    """Opens the order; where payments refuses it, the hold is deleted before the refusal is raised again."""
    try:
        return await open_order(runtime.peers, purchase_id, request)
    except Unavailable:
        raise
    except AppError:
        await _discard(runtime, purchase_id)
        raise


async def record_order(session: Session, purchase_id: UUID, order: OpenedOrder) -> Checkout:
    """Takes payments' answer into the saga."""
    checkout = await Checkouts(session).get(purchase_id, lock=True)
    note_order(checkout, order)
    if order.is_paid:
        await advance_paid(session, checkout, order.paid_at)
    elif order.status == "authorized":
        await authorize(session, checkout, order.capture_before)
    elif order.status == "open":
        is_request = any(booking.is_request for booking in checkout.bookings)
        await advance(session, checkout, Event.DEFERRED if is_request else Event.ORDERED)
    return checkout


async def capture(runtime: BookingRuntime, purchase_id: UUID) -> None:
    """Has a request charged that is accepted, whose seat is taken. What is refused declines it.

    Raises Unavailable where payments' answer is unknown: it is asked again.
    """
    try:
        order = await capture_order(runtime.peers, purchase_id)
    except Conflict:
        async with runtime.db.transaction() as session:
            checkout = await Checkouts(session).get(purchase_id, lock=True)
            await decline(session, checkout, Event.CAPTURE_REFUSED, "payment_failed")
        return
    async with runtime.db.transaction() as session:
        await advance_paid(session, await Checkouts(session).get(purchase_id, lock=True), order.paid_at)


def order_request(checkout: Checkout) -> OpenOrder:
    """The order of a purchase: one line for each seat. Those of several name the purchase, since no booking is all."""
    if checkout.sold_pass is not None:
        return _order_of_pass(checkout, checkout.sold_pass)
    head, seats = checkout.booking, checkout.seats
    return OpenOrder(
        kind="booking",
        client_id=head.client_id,
        title=head.service_title,
        lines=[_line_of(seat, head.id if head.is_parent else None) for seat in seats],
        credits=checkout.credits_asked,
        payment_method_id=checkout.payment_method_id,
        use_membership=head.by_membership,
        capture="manual" if head.is_request else "automatic",
        expires_at=head.expires_at if head.decide_by is None else head.decide_by + CAPTURE_MARGIN,
    )


def _order_of_pass(checkout: Checkout, sold: Pass) -> OpenOrder:
    """One line for each session."""
    lines = [
        NewLine(
            id=each.line_id,
            practitioner_id=sold.practitioner_id,
            pass_session_id=each.id,
            subject_id=sold.id,
            description=sold.title,
            gross_amount=Money(each.value_amount, sold.currency),
        )
        for each in sold.sessions
    ]
    return OpenOrder(
        kind="pass",
        client_id=sold.client_id,
        title=sold.title,
        lines=lines,
        credits=checkout.credits_asked,
        payment_method_id=checkout.payment_method_id,
        expires_at=sold.held_until,
    )


def _line_of(seat: Booking, purchase_id: UUID | None) -> NewLine:
    return NewLine(
        id=seat.line_id or line_id_of(seat.id),
        practitioner_id=seat.practitioner_id,
        booking_id=seat.id,
        subject_id=purchase_id,
        description=seat.service_title,
        gross_amount=seat.value,
    )


async def _discard(runtime: BookingRuntime, purchase_id: UUID) -> None:
    """The hold never became a booking, and leaves nothing behind."""
    async with runtime.db.transaction() as session:
        checkout = await Checkouts(session).find(purchase_id, lock=True)
        if checkout is not None and checkout.state is State.ORDERING:
            seats, sold = checkout.seats, checkout.sold_pass
            freed = [] if sold is not None else await restore_offer(session, checkout.booking, seats)
            await Checkouts(session).remove(checkout)
            for session_id in freed:
                await free_seat(session, session_id)


async def earlier_try(runtime: BookingRuntime, once: IdempotentOperation) -> OpenOrder | None:
    """The order of what an earlier try with this key has held."""
    if not once.resumed:
        return None
    async with runtime.db.read() as session:
        checkout = await Checkouts(session).find(once.id)
    return None if checkout is None else order_request(checkout)


async def _hold(runtime: BookingRuntime, caller: Caller, wanted: BookBody, once: IdempotentOperation) -> OpenOrder:
    bookable = await open_service(runtime, wanted.service_id)
    _check(runtime, caller, bookable, wanted)
    if bookable.has_overdue_holds:
        await expire_overdue(runtime.db, bookable.service.practitioner_id)
    async with runtime.db.transaction() as session:
        await once.start(session)
        checkout = await start_checkout(session, once.id, wanted.credits, wanted.payment_method_id)
        checkout.bookings = await hold(session, runtime.settings, caller.user_id, bookable, wanted, once.id)
        checkout.sold_pass = None
    return order_request(checkout)


async def start_checkout(
    session: Session, purchase_id: UUID, credits: CreditsAsked, payment_method_id: UUID | None
) -> Checkout:
    """Stores the checkout of a purchase whose bookings are held next, or of a pass."""
    asked = {"amount": credits.amount, "currency": credits.currency} if isinstance(credits, Money) else credits
    checkout = _new_checkout(purchase_id, asked, payment_method_id)
    await Checkouts(session).add(checkout)
    return checkout


async def _book_by_pass(
    runtime: BookingRuntime, caller: Caller, wanted: BookBody, pass_id: UUID, once: IdempotentOperation
) -> BookingView:
    """The seats are paid with sessions of the pass: nothing is due, so that all is one transaction."""
    bookable = await open_service(runtime, wanted.service_id)
    _check(runtime, caller, bookable, wanted)
    if bookable.has_overdue_holds:
        await expire_overdue(runtime.db, bookable.service.practitioner_id)
    async with runtime.db.transaction() as session:
        await once.start(session)
        await start_checkout(session, once.id, None, None)
        await hold(session, runtime.settings, caller.user_id, bookable, wanted, once.id)
        return await pay_with_pass(session, caller, once, pass_id)


async def pay_with_pass(session: Session, caller: Caller, once: IdempotentOperation, pass_id: UUID) -> BookingView:
    """Confirms what is held: sessions of the pass pay all of its seats.

    Raises NotFound, PassNotActive, NotInPass, OutsideValidity, PassUsedUp.
    """
    checkout = await Checkouts(session).get(once.id, lock=True)
    pay_by_pass(session, checkout, await Passes(session).get_of_client(pass_id, caller, lock=True))
    await advance(session, checkout, Event.PAID)
    children = checkout.seats if checkout.booking.is_parent else ()
    view = BookingView.seen_by(caller, checkout.booking, session.now(), children=children)
    await once.done(session, 201, view)
    return view


def _check(runtime: BookingRuntime, caller: Caller, bookable: ServiceWithHours, wanted: BookBody) -> None:
    if wanted.payment_method_id is not None or wanted.use_membership:
        caller.demand_scope(PAYS)
    others = wanted.credits, wanted.payment_method_id, wanted.repeat, (wanted.attendees or [])[1:] or None
    is_request = bookable.service.booking_mode == REQUEST
    if wanted.use_membership and (is_request or any(other is not None for other in others)):
        raise NotCombinable
    beside_pass = wanted.use_membership, wanted.credits, wanted.repeat, is_request or None
    if wanted.pass_id is not None and any(other is not None for other in beside_pass):
        raise NotCombinable(field="pass_id")
    check_repeat(bookable.service, wanted)
    if bookable.service.practitioner_user_id == caller.user_id:
        raise OwnService(field="service_id")
    if bookable.service.is_course:
        check_course(wanted)
    else:
        check_start(bookable, start_of(wanted), runtime.clock.now())
    by_pass = wanted.pass_id is not None
    if bookable.service.asks_fees(by_pass=by_pass) and wanted.payment_method_id is None:
        raise PaymentMethodRequired


def _new_checkout(purchase_id: UUID, credits_asked: Any, payment_method_id: UUID | None) -> Checkout:
    return Checkout(
        id=purchase_id,
        state=State.ORDERING,
        credits_asked=credits_asked,
        payment_method_id=payment_method_id,
        tries=0,
        next_try_at=machine_now() + REQUEST_LEASE,
    )
