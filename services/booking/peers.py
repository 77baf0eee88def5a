"""Booking's questions to catalog and payments. All are safe to repeat; none may be asked inside a transaction."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from shared.errors import NotFound
from shared.events.catalog import ServiceSnapshot
from shared.internal.catalog import LOCATIONS, PACKAGE, PRACTITIONER, SERVICE, KnownLocation, PackageSnapshot
from shared.internal.identity import USER, InternalUser
from shared.internal.payments import (
    CAPTURE_ORDER,
    CLOSE_ORDER,
    OPEN_ORDER,
    PREVIEW_REFUND,
    REFUND_ORDER,
    RETAKE_ORDER,
    CloseOrder,
    OpenedOrder,
    OpenOrder,
    OrderOutcome,
    RefundRequest,
    RefundSplit,
)
from shared.peers import Peers
from shared.records.ids import derived_id
from shared.records.money import Money

Closing = Literal["expired", "cancelled"]


def order_id_of(booking_id: UUID) -> UUID:
    """The id of a booking's order."""
    return derived_id(booking_id, "order")


def line_id_of(booking_id: UUID) -> UUID:
    """The id of a booking's line in its order."""
    return derived_id(booking_id, "line")


async def ask_service(peers: Peers, service_id: UUID) -> ServiceSnapshot:
    """Catalog's present word on a service; NotFound if it has none."""
    return await peers.ask(SERVICE, service_id=service_id)


async def ask_locations(peers: Peers, practitioner_id: UUID) -> Sequence[KnownLocation]:
    """Where the practitioner works; none where catalog knows no such practitioner."""
    return (await peers.ask(LOCATIONS, practitioner_id=practitioner_id)).results


async def ask_package(peers: Peers, package_id: UUID) -> PackageSnapshot:
    """Catalog's present word on a package or bundle; NotFound if it has none."""
    return await peers.ask(PACKAGE, package_id=package_id)


async def ask_timezone(peers: Peers, practitioner_id: UUID) -> str:
    """The practitioner's IANA zone; NotFound if catalog knows no such practitioner."""
    return (await peers.ask(PRACTITIONER, practitioner_id=practitioner_id)).timezone


async def open_order(peers: Peers, booking_id: UUID, wanted: OpenOrder) -> OpenedOrder:
    """Opens the order, or finds it as it is. Raises Invalid `insufficient_credits`, Conflict `order_closed`."""
    return await peers.ask(OPEN_ORDER, wanted, order_id=order_id_of(booking_id))


async def close_order(peers: Peers, booking_id: UUID, reason: Closing) -> OrderOutcome:
    """Closes the order for ever, existing or not; it may have been paid all the same."""
    return await peers.ask(CLOSE_ORDER, CloseOrder(reason=reason), order_id=order_id_of(booking_id))


async def capture_order(peers: Peers, booking_id: UUID) -> OrderOutcome:
    """Charges what is authorised, once and whole; Conflict where nothing is, or Stripe refuses it."""
    return await peers.ask(CAPTURE_ORDER, order_id=order_id_of(booking_id))


async def retake_order(peers: Peers, booking_id: UUID) -> None:
    """Takes back the credits that had been returned; Conflict if the client has spent them."""
    await peers.ask(RETAKE_ORDER, order_id=order_id_of(booking_id))


async def refund_order(peers: Peers, booking_id: UUID, wanted: RefundRequest) -> RefundSplit:
    """Refunds; Conflict `nothing_to_refund` when nothing is left."""
    return (await peers.ask(REFUND_ORDER, wanted, order_id=order_id_of(booking_id))).refund


async def preview_refund(peers: Peers, booking_id: UUID, amount: Money) -> RefundSplit:
    """How a refund of that amount would be split."""
    query = {"amount": amount.amount}
    return (await peers.ask(PREVIEW_REFUND, query=query, order_id=order_id_of(booking_id))).refund


async def name_of_user(peers: Peers, user_id: UUID) -> InternalUser | None:
    """The account with its name, None where there is none."""
    try:
        return await peers.ask(USER, user_id=user_id)
    except NotFound:
        return None
