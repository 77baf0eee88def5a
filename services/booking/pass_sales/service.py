"""Buying a pass: held and paid as a booking is, through the same saga. And making it valid for longer."""

from datetime import datetime
from uuid import UUID

from services.booking.checkout.errors import HoldExpired
from services.booking.checkout.models import Checkout
from services.booking.checkout.service import (
    earlier_try,
    order_or_discard,
    order_request,
    record_order,
    start_checkout,
)
from services.booking.holds.checks import check_payment
from services.booking.holds.errors import OwnService, TooManyHolds
from services.booking.holds.repository import Holds
from services.booking.pass_sales.schemas import PassBody, PassView
from services.booking.passes.domain import (
    WARNED_BEFORE,
    PassSessionStatus,
    PassStatus,
    end_of_day,
    entitlements,
)
from services.booking.passes.errors import NotLater, PassNotActive
from services.booking.passes.events import publish
from services.booking.passes.models import Pass, PassSession
from services.booking.passes.repository import Passes
from services.booking.peers import ask_package, line_id_of, order_id_of
from services.booking.runtime import BookingRuntime
from services.booking.settings import BookingSettings
from shared.auth.scopes import PAYS
from shared.auth.verification import Caller
from shared.database.idempotency import IdempotentOperation
from shared.database.session import Session
from shared.errors import NotFound
from shared.internal.catalog import PackageSnapshot
from shared.internal.payments import OpenOrder
from shared.records.ids import derived_id


async def buy(runtime: BookingRuntime, caller: Caller, wanted: PassBody, once: IdempotentOperation) -> PassView:
    """A pending pass with its payment, or an active one where nothing is due.

    Raises NotFound for what is not on sale, PriceChanged, TooManyHolds, OwnService, InsufficientCredits; Unavailable
    when payments' answer is unknown: then it goes on by itself, and a repeat with the same key finds it.
    """
    request = await earlier_try(runtime, once) or await _hold(runtime, caller, wanted, once)
    order = await order_or_discard(runtime, once.id, request)
    async with runtime.db.transaction() as session:
        await record_order(session, once.id, order)
        sold = await Passes(session).get(once.id, lock=True)
        if sold.status is PassStatus.VOID:
            raise HoldExpired
        view = PassView.seen_by(caller, sold).after(order.payment)
        await once.done(session, 201, view)
    return view


async def extend(session: Session, caller: Caller, pass_id: UUID, expires_at: datetime) -> Pass:
    """Its practitioner makes it valid for longer. Raises NotFound, PassNotActive, NotLater."""
    sold = await Passes(session).get(pass_id, lock=True)
    if sold.practitioner_user_id != caller.user_id:
        raise NotFound
    if sold.status is not PassStatus.ACTIVE:
        raise PassNotActive
    if expires_at <= sold.expires_at:
        raise NotLater
    sold.expires_at = expires_at
    if expires_at - WARNED_BEFORE > session.now():
        sold.warned_at = None
    publish(session, sold, "changed")
    return sold


async def _hold(runtime: BookingRuntime, caller: Caller, wanted: PassBody, once: IdempotentOperation) -> OpenOrder:
    package = await _on_sale(runtime, wanted)
    _check(caller, package, wanted)
    async with runtime.db.transaction() as session:
        await once.start(session)
        await Holds(session).lock_client(caller.user_id)
        await _check_holds(session, runtime.settings, caller.user_id, package.practitioner_id)
        checkout = await start_checkout(session, once.id, wanted.credits, wanted.payment_method_id)
        sold = _new_pass(session, runtime.settings, caller.user_id, package, once.id)
        session.add(sold)
        return _request(checkout, sold)


def _request(checkout: Checkout, sold: Pass) -> OpenOrder:
    checkout.sold_pass, checkout.bookings = sold, []
    return order_request(checkout)


async def _on_sale(runtime: BookingRuntime, wanted: PassBody) -> PackageSnapshot:
    """What is bought, as catalog has it now; NotFound, which names the field, where it is not on sale."""
    kind = "package" if wanted.package_id is not None else "bundle"
    package_id = wanted.package_id or wanted.bundle_id
    assert package_id is not None
    try:
        package = await ask_package(runtime.peers, package_id)
    except NotFound as error:
        raise NotFound(field=f"{kind}_id") from error
    if package.kind != kind or not package.is_on_sale or any(part.is_course for part in package.parts):
        raise NotFound(field=f"{kind}_id")
    return package


def _check(caller: Caller, package: PackageSnapshot, wanted: PassBody) -> None:
    if wanted.payment_method_id is not None:
        caller.demand_scope(PAYS)
    if package.practitioner_user_id == caller.user_id:
        raise OwnService(field=f"{package.kind}_id")
    check_payment(package.price, wanted.expected_price, wanted.credits)


async def _check_holds(session: Session, settings: BookingSettings, client_id: UUID, practitioner_id: UUID) -> None:
    """Raises TooManyHolds where the client, who is locked, has too many unpaid bookings and passes."""
    held = await Holds(session).count(client_id, practitioner_id)
    if held.unpaid >= settings.max_open_holds or held.unpaid_there >= settings.max_open_holds_per_practitioner:
        raise TooManyHolds


def _new_pass(
    session: Session, settings: BookingSettings, client_id: UUID, package: PackageSnapshot, pass_id: UUID
) -> Pass:
    now, zone = session.now(), package.practitioner_timezone
    expires_at = end_of_day(now, package.valid_for_days, zone)
    return Pass(
        id=pass_id,
        status=PassStatus.PENDING_PAYMENT,
        package_id=package.package_id,
        package_version=package.version,
        title=package.title,
        client_id=client_id,
        practitioner_id=package.practitioner_id,
        practitioner_user_id=package.practitioner_user_id,
        timezone=zone,
        total_amount=package.price.amount,
        credits_amount=0,
        currency=package.price.currency,
        order_id=order_id_of(pass_id),
        held_until=now + settings.hold,
        expires_at=expires_at,
        refundable_until=end_of_day(now, package.refund_days, zone),
        warned_at=now if expires_at - WARNED_BEFORE <= now else None,
        created_at=now,
        due_amount=0,
        refunded_card=0,
        refunded_credits=0,
        tries=0,
        sessions=_sessions(package, pass_id),
    )


def _sessions(package: PackageSnapshot, pass_id: UUID) -> list[PassSession]:
    """One for each that was bought, in the order of the package's items."""
    singles = [(part.service_ids, part.single_price.amount) for part in package.parts for _ in range(part.quantity)]
    sessions = []
    for position, each in enumerate(entitlements(package.price, singles)):
        session_id = derived_id(pass_id, "session", str(position))
        sessions.append(
            PassSession(
                id=session_id,
                pass_id=pass_id,
                position=position,
                service_ids=list(each.service_ids),
                value_amount=each.value,
                line_id=line_id_of(session_id),
                status=PassSessionStatus.OPEN,
            )
        )
    return sessions
