"""Practitioners look at what they earned."""

from typing import Annotated

from fastapi import APIRouter

from services.payments.earnings.domain import EarningStatus
from services.payments.earnings.repository import Earnings
from services.payments.earnings.schemas import EarningsSummary, EarningView, TransactionView
from services.payments.earnings.service import own_practitioner_id, summary_of
from services.payments.ledger.domain import seller_accounts
from services.payments.ledger.repository import Transfers
from services.payments.runtime import Rt
from shared.auth.permissions import Permission
from shared.auth.verification import Caller
from shared.web.http import Route, SessionDep, needs
from shared.web.pagination import Listing, Paging

router = APIRouter(prefix="/api/v1/practitioner", tags=["earnings"], route_class=Route)
Practitioner = Annotated[Caller, needs(Permission.READ_EARNINGS)]


@router.get("/earnings/")
async def list_earnings(
    caller: Practitioner, session: SessionDep, page: Paging, status: EarningStatus | None = None
) -> Listing[EarningView]:
    """The practitioner's entries, newest first."""
    rows, total = await Earnings(session).list(own_practitioner_id(caller), page, status)
    return Listing[EarningView].of([EarningView.of(row) for row in rows], total, page)


@router.get("/earnings/summary/")
async def get_earnings_summary(caller: Practitioner, session: SessionDep, runtime: Rt) -> EarningsSummary:
    """The practitioner's money by where it is."""
    return await summary_of(session, own_practitioner_id(caller), runtime.settings.currency)


@router.get("/transactions/")
async def list_transactions(
    caller: Practitioner, session: SessionDep, page: Paging, runtime: Rt
) -> Listing[TransactionView]:
    """The practitioner's side of the ledger, newest first."""
    accounts = seller_accounts(own_practitioner_id(caller), runtime.settings.currency)
    lines, total = await Transfers(session).list(accounts, page)
    return Listing[TransactionView].of([TransactionView.of(line) for line in lines], total, page)
