"""Stripe's side beside the books: what differs, in words."""

from collections.abc import Callable
from typing import Any

from services.payments.tests.stories import Json, Stage

SETTLED = ("paid", "paid_late")
GONE = ("failed", "canceled")


async def differences(stage: Stage) -> list[str]:
    """Whatever Stripe has otherwise than the books once nothing is under way; one line each."""
    orders = await stage.market.sql("select id, intent_id, status, amount_due from orders where intent_id is not null")
    found, at_stripe = await _strangers(stage), 0
    for order in orders:
        received, lines = await _order(stage, *order)
        at_stripe += received
        found += lines
    for payout in await stage.market.sql("select id, status, amount, reference, stripe_account_id from payouts"):
        transferred, lines = await _payout(stage, *payout)
        at_stripe -= transferred
        found += lines
    if (posted := await _clearing(stage)) != at_stripe:
        found.append(f"the ledger has {posted} at Stripe, and Stripe has {at_stripe}")
    return found


async def _order(stage: Stage, order_id: Any, intent_id: str, status: str, due: int) -> tuple[int, list[str]]:
    intent = (await stage.market.stripe_api.get(f"/payment_intents/{intent_id}")).json()
    listed = await stage.listed("/refunds", payment_intent=intent_id) if intent["status"] == "succeeded" else []
    released = sum(each["amount"] for each in listed if each["balance_transaction"] is None)  # never captured
    received = intent["amount_received"] + released
    wanted = due if status in SETTLED else 0
    back = {each["id"]: each["amount"] for each in listed if each["status"] not in GONE}
    ours = {row[0]: row[1] for row in await stage.market.sql(BOOKED, id=order_id)}
    lines = [] if received == wanted else [f"order {order_id} is {status}, and its intent received {received}"]
    lines += [] if back == ours else [f"order {order_id} has the refunds {ours}, and Stripe {back}"]
    return received - sum(back.values()), lines


async def _payout(
    stage: Stage, payout_id: Any, status: str, amount: int, reference: str | None, account: str | None
) -> tuple[int, list[str]]:
    moved = await stage.listed("/transfers", transfer_group=f"payout_{payout_id}")
    there = [each["amount"] - each["amount_reversed"] for each in moved if each["amount"] > each["amount_reversed"]]
    sent = await stage.listed("/payouts", account) if account else []
    bank = [each["amount"] for each in sent if _is_of(each, payout_id) and each["status"] not in GONE]
    wanted = [amount] if status == "paid" else []
    lines = []
    if reference is None and (there, bank) != (wanted, wanted):
        lines.append(f"payout {payout_id} of {amount} is {status}: transferred {there}, sent to its bank {bank}")
    return sum(there), lines


def _is_of(payout: Json, payout_id: Any) -> bool:
    return bool(payout["metadata"].get("payout_id") == str(payout_id))


async def _strangers(stage: Stage) -> list[str]:
    """Intents that a card has paid, though they are not those of their orders."""
    known = {str(row[0]): row[1] for row in await stage.market.sql("select id, intent_id from orders")}
    found, after = list[str](), None
    while page := await stage.listed("/payment_intents", **({"starting_after": after} if after else {})):
        after = page[-1]["id"]
        found += [f"{each['id']} was paid beside its order's" for each in page if _is_stranger(each, known.get)]
    return found


def _is_stranger(intent: Json, own: Callable[[str], str | None]) -> bool:
    order_id = intent["metadata"].get("order_id", "")
    return intent["status"] == "succeeded" and own(order_id) not in (None, intent["id"])


async def _clearing(stage: Stage) -> int:
    """What the ledger has at Stripe, and what waits for the end of a dispute to leave it."""
    return int(await stage.one(CLEARING)) + int(await stage.one(WAITING))


# One that waits for the end of a dispute was not asked for yet.
BOOKED = """
    select stripe_refund_id, card from refunds where order_id = :id and card > 0 and status <> 'failed'
        and not (stripe_refund_id is null and order_id in (select order_id from chargebacks))
"""
WAITING = """
    select coalesce(sum(card), 0) from refunds where status <> 'failed' and stripe_refund_id is null
        and order_id in (select order_id from chargebacks)
"""
CLEARING = """
    select coalesce(sum(case when t.debit_id = a.id then t.amount else -t.amount end), 0)
    from ledger_accounts a join ledger_transfers t on a.id in (t.debit_id, t.credit_id)
    where a.kind = 'stripe_clearing'
"""
