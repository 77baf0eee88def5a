"""Balances and their entries: what each account has is the sum of its balance transactions."""

from typing import Any

from sqlalchemy import text

from estuary.sandbox.stripe import lists
from estuary.sandbox.stripe.calls import Call
from estuary.sandbox.stripe.errors import balance_insufficient
from estuary.sandbox.stripe.work import PLATFORM, Object, Work
from shared.db import Session

FEE_PER_MILLE, FEE_FIXED = 29, 30


def card_fee(amount: int) -> int:
    """Stripe's price for a card payment, in minor units: 2.9 % and 30."""
    return (amount * FEE_PER_MILLE + 500) // 1000 + FEE_FIXED


def post(work: Work, about: Object, kind: str, amount: int, *, account: str = PLATFORM, fee: int = 0) -> Object:
    """An entry of the account's balance that belongs to the object; the money is available at once."""
    fee_details = [{"amount": fee, "application": None, "currency": about["currency"], "type": "stripe_fee"}]
    fields = {
        "amount": amount,
        "available_on": work.now,
        "balance_type": "payments",
        "currency": about["currency"],
        "description": None,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": fee_details if fee else [],
        "net": amount - fee,
        "reporting_category": kind,
        "source": about["id"],
        "status": "available",
        "type": kind,
    }
    return work.add("balance_transaction", fields, account)


async def demand(work: Work, account: str, amount: int, currency: str) -> None:
    """Refuses with balance_insufficient what the account does not have; the account's spending then takes turns."""
    await work.hold(f"balance:{account}")
    if await available(work.session, account, currency) < amount:
        raise balance_insufficient()


async def available(session: Session, account: str, currency: str) -> int:
    """Minor units that the account can spend."""
    return int(await session.scalar(AVAILABLE, {"account": account, "currency": currency}) or 0)


async def retrieve(work: Work, call: Call) -> Object:
    """GET /v1/balance."""
    rows = (await work.session.execute(BALANCES, {"account": call.account})).all()
    sums: dict[str, int] = {str(currency): int(amount) for currency, amount in rows}
    sums = sums or {work.settings.currency.lower(): 0}
    return {
        "object": "balance",
        "available": [_amount(amount, currency) for currency, amount in sums.items()],
        "connect_reserved": [{"amount": 0, "currency": currency} for currency in sums],
        "livemode": False,
        "pending": [_amount(0, currency) for currency in sums],
    }


def _amount(amount: int, currency: str) -> dict[str, Any]:
    return {"amount": amount, "currency": currency, "source_types": {"card": amount}}


async def list_transactions(work: Work, call: Call) -> Object:
    """GET /v1/balance_transactions."""
    return await lists.page(work, call, "balance_transaction", ("source", "type", "currency"))


async def retrieve_transaction(work: Work, call: Call) -> Object:
    """GET /v1/balance_transactions/{id}."""
    return await work.get("balance_transaction", call.id, call.account)


async def open_balance(work: Work) -> None:
    """Gives the platform its opening balance, once: a new install can pay out before its own takings cover it."""
    amount, currency = work.settings.opening_balance, work.settings.currency.lower()
    if amount and await work.find("balance_transaction", OPENING) is None:
        made = post(work, {"id": None, "currency": currency}, "topup", amount)
        del work.changed[made["id"]]
        work.save(made | {"id": OPENING})


OPENING = "txn_opening"
IN_BALANCE = "from objects where kind = 'balance_transaction' and account = :account"
AVAILABLE = text(f"select sum((data->>'net')::bigint) {IN_BALANCE} and data->>'currency' = :currency")
BALANCES = text(f"select data->>'currency', sum((data->>'net')::bigint) {IN_BALANCE} group by 1 order by 1")
