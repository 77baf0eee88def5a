"""Practitioners ask to be paid, staff decide; other services hold money back."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.payments.earnings.service import own_practitioner_id
from services.payments.orders.errors import UnknownLine
from services.payments.payouts import accounts, attention, holding, service
from services.payments.payouts.domain import PayoutStatus
from services.payments.payouts.errors import (
    BelowMinimum,
    HoldChanged,
    InsufficientFunds,
    NoPayoutAccount,
    NotReversible,
    PayoutAccountMissing,
    PayoutsNotEnabled,
    PayoutsOnHold,
    TransferRefused,
)
from services.payments.payouts.repository import Payouts
from services.payments.payouts.schemas import (
    AccountRequest,
    AccountView,
    PaidOutside,
    PayoutRequest,
    PayoutView,
    Rejection,
)
from services.payments.runtime import Rt
from services.payments.stripe.errors import STRIPE_ERRORS, StripeUnavailable
from shared.auth.permissions import Permission
from shared.auth.verification import Caller
from shared.database.idempotency import KeyRequired
from shared.errors import ConflictOfInterest, NotFound, StepUpRequired
from shared.internal.payments import END_HOLD, HOLD, HoldAnswer, HoldRequest
from shared.records.money import AMOUNT_CODES
from shared.records.state import IllegalTransition
from shared.web.http import Idempotency, Keyed, Proven, Route, SessionDep, called_by, confirmed, errors_of, needs
from shared.web.pagination import Listing, Paging

router = APIRouter(prefix="/api/v1", tags=["payouts"], route_class=Route)
internal = APIRouter(route_class=Route, dependencies=[called_by("booking")], include_in_schema=False)
Practitioner = Annotated[Caller, needs(Permission.REQUEST_PAYOUTS)]
Staff = Annotated[Caller, needs(Permission.DECIDE_PAYOUTS)]
CONFIRMED = confirmed(Permission.DECIDE_PAYOUTS)
DECIDED = errors_of(NotFound, ConflictOfInterest, IllegalTransition, StripeUnavailable)


@router.post(
    "/practitioner/payouts/account/",
    dependencies=[needs(Permission.REQUEST_PAYOUTS), Proven],
    responses=errors_of(StepUpRequired, *STRIPE_ERRORS),
)
async def open_payout_account(
    caller: Practitioner, runtime: Rt, once: Idempotency, body: AccountRequest | None = None
) -> AccountView:
    """Sets up the practitioner's Stripe account, or shows it; sets the schedule."""
    return await accounts.open_account(runtime, caller, body.payout_schedule if body else None, once)


@router.get("/practitioner/payouts/account/", responses=errors_of(NoPayoutAccount, *STRIPE_ERRORS))
async def get_payout_account(caller: Practitioner, runtime: Rt) -> AccountView:
    """The practitioner's Stripe account as it is now."""
    return await accounts.show_account(runtime, caller)


@router.post(
    "/practitioner/payouts/request/",
    status_code=201,
    dependencies=[needs(Permission.REQUEST_PAYOUTS), Keyed, Proven],
    responses=errors_of(
        BelowMinimum, InsufficientFunds, PayoutAccountMissing, PayoutsOnHold, KeyRequired, StepUpRequired, *AMOUNT_CODES
    ),
)
async def request_payout(
    caller: Practitioner, session: SessionDep, runtime: Rt, body: PayoutRequest | None = None
) -> PayoutView:
    """Asks for an amount, or for all that is available."""
    return PayoutView.of(await service.request(session, runtime.settings, caller, body.amount if body else None))


@router.get("/practitioner/payouts/")
async def list_payouts(
    caller: Practitioner, session: SessionDep, page: Paging, status: PayoutStatus | None = None
) -> Listing[PayoutView]:
    """The practitioner's payouts, newest first."""
    rows, total = await Payouts(session).list(page, status, own_practitioner_id(caller))
    return Listing[PayoutView].of([PayoutView.of(row) for row in rows], total, page)


@router.get("/practitioner/payouts/{payout_id}/", responses=errors_of(NotFound))
async def get_payout(payout_id: UUID, caller: Practitioner, session: SessionDep) -> PayoutView:
    """One payout."""
    return PayoutView.of(await Payouts(session).owned_by(caller, payout_id))


@router.get("/admin/payouts/")
async def list_all_payouts(
    _: Annotated[Caller, needs(Permission.READ_PAYOUTS)],
    session: SessionDep,
    page: Paging,
    status: PayoutStatus | None = None,
) -> Listing[PayoutView]:
    """Everybody's payouts, newest first."""
    rows, total = await Payouts(session).list(page, status)
    return Listing[PayoutView].of([PayoutView.of(row) for row in rows], total, page)


@router.post(
    "/admin/payouts/{payout_id}/approve/",
    dependencies=[CONFIRMED],
    responses=DECIDED | errors_of(PayoutsNotEnabled, PayoutsOnHold, TransferRefused),
)
async def approve_payout(payout_id: UUID, caller: Staff, runtime: Rt, once: Idempotency) -> PayoutView:
    """Lets it go: the transfer is made now, the bank payout right after."""
    return await service.approve(runtime, caller, payout_id, once)


@router.post("/admin/payouts/{payout_id}/reject/", dependencies=[CONFIRMED], responses=DECIDED)
async def reject_payout(
    payout_id: UUID, caller: Staff, session: SessionDep, body: Rejection | None = None
) -> PayoutView:
    """Refuses it; the amount is available again."""
    return PayoutView.of(await service.reject(session, caller, payout_id, body.reason if body else None))


@router.post("/admin/payouts/{payout_id}/retry/", dependencies=[CONFIRMED], responses=DECIDED)
async def retry_payout(payout_id: UUID, caller: Staff, session: SessionDep) -> PayoutView:
    """Lets a payout that needs attention try its next step again, or wait for its bank again."""
    return PayoutView.of(await attention.retry(session, caller, payout_id))


@router.post("/admin/payouts/{payout_id}/fail/", dependencies=[CONFIRMED], responses=DECIDED | errors_of(NotReversible))
async def fail_payout(payout_id: UUID, caller: Staff, runtime: Rt, once: Idempotency) -> PayoutView:
    """Ends a payout that needs attention: its transfer is reversed, then its amount is available again."""
    return await attention.fail(runtime, caller, payout_id, once)


@router.post("/admin/payouts/{payout_id}/mark-paid/", dependencies=[CONFIRMED], responses=DECIDED)
async def mark_payout_paid(
    payout_id: UUID, caller: Staff, runtime: Rt, once: Idempotency, body: PaidOutside
) -> PayoutView:
    """Keeps that the practitioner has the money of a payout that needs attention, paid in another way."""
    return await attention.mark_paid(runtime, caller, payout_id, body.reference, once)


@internal.put(HOLD.path, responses=errors_of(UnknownLine, HoldChanged))
async def hold(cause_id: UUID, body: HoldRequest, session: SessionDep) -> HoldAnswer:
    """Nothing of these lines is paid out, or no payout of the practitioner approved, until the cause ends."""
    return HoldAnswer(is_open=await holding.hold(session, cause_id, body))


@internal.delete(END_HOLD.path)
async def end_hold(cause_id: UUID, session: SessionDep) -> HoldAnswer:
    """The cause has ended, also where its PUT is still on its way; again changes nothing."""
    await holding.end_of_service(session, cause_id)
    return HoldAnswer(is_open=False)
