"""HTTP of saved cards."""

from uuid import UUID

from fastapi import APIRouter

from services.payments.runtime import Rt
from services.payments.stripe.errors import STRIPE_ERRORS, BadPaymentMethod
from services.payments.vault import service, setups
from services.payments.vault.errors import MethodInUse
from services.payments.vault.repository import PaymentMethods
from services.payments.vault.schemas import MethodView, SaveCard, SetupView
from shared.errors import LimitReached, NotFound
from shared.web.http import Idempotency, Route, SessionDep, Signed, errors_of
from shared.web.pagination import Listing, Paging

router = APIRouter(prefix="/api/v1/payments/methods", route_class=Route, tags=["payments"])


@router.post(
    "/",
    status_code=201,
    responses=errors_of(BadPaymentMethod, NotFound, LimitReached, *STRIPE_ERRORS),
)
async def save_payment_method(
    caller: Signed, runtime: Rt, once: Idempotency, body: SaveCard | None = None
) -> SetupView:
    """Saves a card for later charges, after its bank has seen the client where it wants to."""
    return await setups.save(runtime, caller, once, body.payment_method if body else None)


@router.get("/")
async def list_payment_methods(caller: Signed, session: SessionDep, page: Paging) -> Listing[MethodView]:
    """The caller's saved cards, newest first."""
    rows, total = await PaymentMethods(session).list(caller.user_id, page)
    return Listing[MethodView].of([MethodView.of(row, session.now()) for row in rows], total, page)


@router.post("/{method_id}/default/", responses=errors_of(NotFound))
async def make_payment_method_default(method_id: UUID, caller: Signed, session: SessionDep, runtime: Rt) -> MethodView:
    """What recurs is charged to this card from here on; what is overdue is tried with it at once."""
    chosen = await service.make_default(session, runtime.card_users, caller, method_id)
    return MethodView.of(chosen, session.now())


@router.delete("/{method_id}/", status_code=204, responses=errors_of(NotFound, MethodInUse))
async def delete_payment_method(method_id: UUID, caller: Signed, session: SessionDep, runtime: Rt) -> None:
    """Forgets the card, here and at Stripe. Where it was the default, the newest valid one is the default."""
    await service.remove(session, runtime.card_users, caller, method_id)
