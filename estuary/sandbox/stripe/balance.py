"""Balances and their entries: what each account has is the sum of its balance transactions."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import text

from estuary.sandbox.stripe import lists
from estuary.sandbox.stripe.calls import Call
from estuary.sandbox.stripe.errors import balance_insufficient
from estuary.sandbox.stripe.work import PLATFORM, Object, Work

FEE_PER_MILLE, FEE_FIXED = 29, 30
SATURDAY = 5


def card_fee(amount: int) -> int:
    """Stripe's price for a card payment, in minor units: 2.9 % and 30."""
    return (amount * FEE_PER_MILLE + 500) // 1000 + FEE_FIXED


def settles_on(now: int, days: int) -> int:
    """When takings of now are available: at the start (UTC) of the day that is so many business days ahead; 0: now."""
    moment = datetime.fromtimestamp(now, UTC)
    for _ in range(days):
        moment = datetime.combine(moment.date() + timedelta(days=1), time(), UTC)
        while moment.weekday() >= SATURDAY:
            moment += timedelta(days=1)
    return int(moment.timestamp())


def post(
    work: Work,
    about: Object,
    kind: str,
    amount: int,
    *,
    account: str = PLATFORM,
    fee: int = 0,
    available_on: int | None = None,
) -> Object:
    """An entry of the account's balance that belongs to the object; it counts at once, or from `available_on` on."""
    available_on = work.now if available_on is None else available_on
    fee_details = [{"amount": fee, "application": None, "currency": about["currency"], "type": "stripe_fee"}]
    fields = {
        "amount": amount,
        "available_on": available_on,
        "balance_type": "payments",
        "currency": about["currency"],
        "description": None,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": fee_details if fee else [],
        "net": amount - fee,
        "reporting_category": kind,
        "source": about["id"],
        "status": _status(work, available_on),
        "type": kind,
    }
    return work.add("balance_transaction", fields, account)


def _status(work: Work, available_on: int) -> str:
    return "pending" if available_on > work.now else "available"


async def demand(work: Work, account: str, amount: int, currency: str) -> None:
    """Refuses with balance_insufficient what the account does not have; the account's spending then takes turns."""
    await work.hold(f"balance:{account}")
    if await available(work, account, currency) < amount:
        raise balance_insufficient()


async def available(work: Work, account: str, currency: str) -> int:
    """Minor units that the account can spend."""
    values = {"account": account, "currency": currency, "now": work.now}
    return int(await work.session.scalar(AVAILABLE, values) or 0)


async def retrieve(work: Work, call: Call) -> Object:
    """GET /v1/balance."""
    rows = (await work.session.execute(BALANCES, {"account": call.account, "now": work.now})).all()
    sums = {str(row.currency): (int(row.available), int(row.pending)) for row in rows}
    sums = sums or {work.settings.currency.lower(): (0, 0)}
    return {
        "object": "balance",
        "available": [_amount(amount, currency) for currency, (amount, _) in sums.items()],
        "connect_reserved": [{"amount": 0, "currency": currency} for currency in sums],
        "livemode": False,
        "pending": [_amount(amount, currency) for currency, (_, amount) in sums.items()],
    }


def _amount(amount: int, currency: str) -> dict[str, Any]:
    return {"amount": amount, "currency": currency, "source_types": {"card": amount}}


async def list_transactions(work: Work, call: Call) -> Object:
    """GET /v1/balance_transactions."""
    page = await lists.page(work, call, "balance_transaction", ("source", "type", "currency"))
    return page | {"data": [_at_present(work, entry) for entry in page["data"]]}


async def retrieve_transaction(work: Work, call: Call) -> Object:
    """GET /v1/balance_transactions/{id}."""
    return _at_present(work, await work.get("balance_transaction", call.id, call.account))


def _at_present(work: Work, entry: Object) -> Object:
    return entry | {"status": _status(work, entry["available_on"])}


async def open_balance(work: Work) -> None:
    """Gives the platform its opening balance, once: a new install can pay out before its own takings cover it."""
    amount, currency = work.settings.opening_balance, work.settings.currency.lower()
    if amount and await work.find("balance_transaction", OPENING) is None:
        made = post(work, {"id": None, "currency": currency}, "topup", amount)
        del work.changed[made["id"]]
        work.save(made | {"id": OPENING})


OPENING = "txn_opening"
IN_BALANCE = "from objects where kind = 'balance_transaction' and account = :account"
NET, SETTLED = "(data->>'net')::bigint", "(data->>'available_on')::bigint <= :now"
AVAILABLE = text(f"select sum({NET}) {IN_BALANCE} and data->>'currency' = :currency and {SETTLED}")
BALANCES = text(
    f"""
    select data->>'currency' as currency, coalesce(sum({NET}) filter (where {SETTLED}), 0) as available,
        coalesce(sum({NET}) filter (where not {SETTLED}), 0) as pending
    {IN_BALANCE} group by 1 order by 1
    """
)
