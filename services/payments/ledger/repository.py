"""SQL of the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, case, func, or_, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute

from services.payments.ledger.domain import Account, AccountKind
from services.payments.ledger.errors import BalanceTooLow
from services.payments.ledger.models import LedgerAccount, LedgerBalance, LedgerTransfer
from shared.database.listing import ListOf, Page
from shared.database.repository import Repository
from shared.database.session import Session
from shared.database.statements import CompiledStatement

CHECK_VIOLATION = "23514"


@dataclass(frozen=True, slots=True)
class Line:
    """A transfer as a statement shows it."""

    id: UUID
    reason: str
    debit: AccountKind
    credit: AccountKind
    amount: int
    currency: str
    ref: dict[str, Any]
    posted_at: datetime


async def balance_of(session: Session, account: Account) -> int:
    """Credits minus debits, in minor units: from the balance row of a live account, else the sum of its transfers."""
    if account.live:
        row = select(LedgerBalance.credits - LedgerBalance.debits).where(LedgerBalance.account_id == account.id)
        return int(await session.scalar(row) or 0)
    signed = case((LedgerTransfer.credit_id == account.id, LedgerTransfer.amount), else_=-LedgerTransfer.amount)
    total = select(func.coalesce(func.sum(signed), 0)).where(_touching([account.id]))
    return int(await session.scalar(total) or 0)


async def post_legs(session: Session, values: Mapping[str, Any]) -> bool:
    """Calls the database function that posts; True if the legs are new. Raises BalanceTooLow."""
    try:
        return bool((await session.run(POST, values))[0].fresh)
    except IntegrityError as error:
        if getattr(error.orig, "sqlstate", None) == CHECK_VIOLATION:
            raise BalanceTooLow from error
        raise


class Transfers(Repository):
    """The lines of a set of accounts."""

    async def list(self, accounts: Sequence[Account], page: Page) -> tuple[list[Line], int]:
        """The transfers that touch these accounts, newest first unless asked otherwise, and how many there are."""
        kinds = (_kind_of(LedgerTransfer.debit_id), _kind_of(LedgerTransfer.credit_id))
        lines = select(LedgerTransfer, *kinds).where(_touching([account.id for account in accounts]))
        found, total = await LIST.rows(self.session, lines, page)
        return [_line(*row) for row in found], total


# The order in which lines were posted; two of the same moment too have one.
LIST = ListOf(LedgerTransfer, {"created_at": LedgerTransfer.seq})


def _kind_of(account_id: InstrumentedAttribute[UUID]) -> ScalarSelect[AccountKind]:
    return select(LedgerAccount.kind).where(LedgerAccount.id == account_id).scalar_subquery()


def _touching(ids: Sequence[UUID]) -> ColumnElement[bool]:
    return or_(LedgerTransfer.debit_id.in_(ids), LedgerTransfer.credit_id.in_(ids))


def _line(row: LedgerTransfer, debit: AccountKind, credit: AccountKind) -> Line:
    return Line(row.id, row.reason, debit, credit, row.amount, row.currency, row.ref, row.posted_at)


# Runs several times in every checkout: compiled for benchmarks/checkouts.py.
POST = CompiledStatement(
    text(
        "select payments.ledger_post(:event_id, :reason, cast(:ref as jsonb), :posted_at,"
        " cast(:accounts as jsonb), cast(:legs as jsonb)) as fresh"
    )
)
