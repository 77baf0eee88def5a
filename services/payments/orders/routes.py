"""HTTP of orders: for clients under /payments, for booking under /internal."""

from uuid import UUID

from fastapi import APIRouter

from services.payments.credits.errors import AmountTooSmall, CreditsGone, InsufficientCredits
from services.payments.memberships.errors import MEMBERSHIP_REFUSALS
from services.payments.orders import captures, paying, purchases, service
from services.payments.orders.domain import OrderKind, OrderStatus
from services.payments.orders.errors import NotAuthorized, OrderChanged, OrderClosed
from services.payments.orders.repository import Orders
from services.payments.orders.schemas import (
    Confirmation,
    ConfirmPayment,
    OrderSummary,
    PayableOrder,
    Purchase,
    PurchaseOrder,
    ResumePayment,
    outcome_for_booking,
    terms_of,
)
from services.payments.runtime import Rt
from services.payments.stripe.errors import STRIPE_ERRORS, BadPaymentMethod, StripeUnavailable
from shared.errors import NotFound
from shared.internal.payments import (
    CAPTURE_ORDER,
    CLOSE_ORDER,
    OPEN_ORDER,
    RETAKE_ORDER,
    CloseOrder,
    OpenedOrder,
    OpenOrder,
    OrderOutcome,
)
from shared.records.money import AMOUNT_CODES, Money, check_amount, check_currency
from shared.web.http import Idempotency, Route, SessionDep, Signed, called_by, errors_of
from shared.web.pagination import Listing, Paging

router = APIRouter(prefix="/api/v1", route_class=Route, tags=["payments"])
purchase_router = APIRouter(prefix="/api/v1", route_class=Route, tags=["credits"])
internal = APIRouter(route_class=Route, dependencies=[called_by("booking")], include_in_schema=False)


@router.post("/payments/confirm/", responses=errors_of(NotFound, OrderClosed, BadPaymentMethod, *STRIPE_ERRORS))
async def confirm_payment(body: ConfirmPayment, caller: Signed, once: Idempotency, runtime: Rt) -> Confirmation:
    """Tries to pay an open order with one card; after success it answers `succeeded` again."""
    return await paying.confirm(runtime, caller, once, body)


@router.post("/payments/create-intent/", responses=errors_of(NotFound, OrderClosed, *STRIPE_ERRORS))
async def create_payment_intent(body: ResumePayment, caller: Signed, runtime: Rt) -> PayableOrder:
    """The client secret of the caller's open order, for Stripe.js in a browser."""
    order = await service.intent_for(runtime, caller, body.order_id)
    return PayableOrder.of(order, runtime.settings.stripe_publishable_key)


@router.get("/payments/history/")
async def list_payment_history(
    caller: Signed, session: SessionDep, page: Paging, status: OrderStatus | None = None, kind: OrderKind | None = None
) -> Listing[OrderSummary]:
    """The caller's orders, newest first."""
    rows, total = await Orders(session).list(caller, page, status, kind)
    return Listing[OrderSummary].of([OrderSummary.of(order) for order in rows], total, page)


@purchase_router.post(
    "/credits/purchase/",
    status_code=201,
    responses=errors_of(AmountTooSmall, OrderClosed, *STRIPE_ERRORS, *AMOUNT_CODES),
)
async def purchase_credits(body: Purchase, caller: Signed, once: Idempotency, runtime: Rt) -> PurchaseOrder:
    """Opens an order for credits; they can be spent once it is paid."""
    amount = check_amount(body.amount, runtime.settings.currency, "amount")
    return await purchases.purchase(runtime, caller, once, amount)


@internal.put(
    OPEN_ORDER.path,
    responses=errors_of(
        NotFound, OrderClosed, OrderChanged, InsufficientCredits, AmountTooSmall, *MEMBERSHIP_REFUSALS, *STRIPE_ERRORS
    ),
)
async def open_order(order_id: UUID, body: OpenOrder, runtime: Rt) -> OpenedOrder:
    """Opens an order, or answers the one that this id has already."""
    currency = runtime.settings.currency
    for number, line in enumerate(body.lines):
        check_amount(line.gross_amount, currency, f"lines.{number}.gross_amount")
    wish = check_currency(body.credits, currency, "credits").amount if isinstance(body.credits, Money) else body.credits
    order = await service.open_order(runtime, order_id, terms_of(body, currency), wish)
    tried = await paying.pay_when_opened(runtime, order, body.payment_method_id)
    key = runtime.settings.stripe_publishable_key
    return PayableOrder.of(order, key) if tried is None else PayableOrder.of(tried.order, key, tried.view)


@internal.post(CLOSE_ORDER.path, responses=errors_of(StripeUnavailable))
async def close_order(order_id: UUID, body: CloseOrder, runtime: Rt) -> OrderOutcome:
    """Ends the order, unless it turns out to be paid."""
    return outcome_for_booking(await service.close_order(runtime, order_id, body.reason))


@internal.post(CAPTURE_ORDER.path, responses=errors_of(NotFound, NotAuthorized, *STRIPE_ERRORS))
async def capture_order(order_id: UUID, runtime: Rt) -> OrderOutcome:
    """Charges what was authorised, once and whole."""
    return outcome_for_booking(await captures.capture_order(runtime, order_id))


@internal.post(RETAKE_ORDER.path, responses=errors_of(NotFound, OrderClosed, CreditsGone))
async def retake(order_id: UUID, session: SessionDep) -> OrderOutcome:
    """Spends again the credits of an order that was paid late."""
    return outcome_for_booking(await service.retake(session, order_id))
