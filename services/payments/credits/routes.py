"""HTTP of credits."""

from uuid import UUID

from fastapi import APIRouter

from services.payments.credits import service
from services.payments.credits.errors import InsufficientCredits
from services.payments.credits.repository import Entries, Grants
from services.payments.credits.schemas import Balance, Entry, Transfer
from services.payments.runtime import PaymentsRuntime, Rt
from shared.database.idempotency import KeyRequired
from shared.errors import Invalid, NotFound, StepUpRequired
from shared.internal.identity import USER
from shared.records.money import AMOUNT_CODES, check_amount
from shared.web.http import Idempotency, Keyed, Proven, Route, SessionDep, Signed, errors_of
from shared.web.pagination import Listing, Paging

router = APIRouter(prefix="/api/v1", route_class=Route, tags=["credits"])


@router.get("/credits/balance/")
async def get_credit_balance(caller: Signed, session: SessionDep, runtime: Rt) -> Balance:
    """What the caller can spend, and what open orders hold."""
    return Balance.of(await Grants(session).funds(caller.user_id), runtime.settings.currency)


@router.get("/credits/history/")
async def list_credit_history(caller: Signed, session: SessionDep, page: Paging) -> Listing[Entry]:
    """What came and went, newest first; the sum of all lines is balance plus held."""
    rows, total = await Entries(session).list(caller.user_id, page)
    return Listing[Entry].of([Entry.of(row) for row in rows], total, page)


@router.post(
    "/credits/transfer/",
    status_code=201,
    dependencies=[Keyed, Proven],
    responses=errors_of(NotFound, InsufficientCredits, KeyRequired, StepUpRequired, "own_account", *AMOUNT_CODES),
)
async def transfer_credits(body: Transfer, caller: Signed, once: Idempotency, runtime: Rt) -> Balance:
    """Gives credits to another user; each part keeps its expiry. Answers what is left."""
    amount = check_amount(body.amount, runtime.settings.currency, "amount")
    if body.recipient_id == caller.user_id:
        raise Invalid("Credits cannot be given to oneself.", code="own_account", field="recipient_id")
    await _known(runtime, body.recipient_id)
    async with runtime.db.transaction() as session:
        await once.start(session)
        await service.transfer(session, once.id, caller.user_id, body.recipient_id, amount)
        await session.flush()
        left = Balance.of(await Grants(session).funds(caller.user_id), runtime.settings.currency)
        await once.done(session, 201, left)
    return left


async def _known(runtime: PaymentsRuntime, user_id: UUID) -> None:
    """NotFound where identity knows no such user."""
    await runtime.peers.ask(USER, user_id=user_id)
