"""Payouts: from an account's balance to its bank; paid, or failed, a moment later."""

from estuary.sandbox.stripe import accounts, balance, lists
from estuary.sandbox.stripe.calls import Call
from estuary.sandbox.stripe.errors import StripeError
from estuary.sandbox.stripe.params import demand_multiple
from estuary.sandbox.stripe.work import Object, Work
from shared.records.currencies import payout_step

DAY = 86_400
FAILURES = {
    "no_account": "The bank account details on file are probably incorrect: the account could not be located.",
    "account_closed": "The bank account has been closed.",
    "insufficient_funds": "The bank could not take the payout.",
    "debit_not_authorized": "Debit transactions are not approved on the bank account.",
    "invalid_currency": "The bank was unable to process this payout because of its currency.",
}


async def create(work: Work, call: Call) -> Object:
    """POST /v1/payouts, with Stripe-Account for a connected account's own balance."""
    params = call.params
    amount, currency, metadata = params.needed_amount(), params.currency(), params.metadata()
    demand_multiple(amount, payout_step(currency.upper()), currency)
    bank = await _bank(work, call)
    await balance.demand(work, call.account, amount, currency)
    fields = _fields(amount, currency, bank["id"], work.now + DAY)
    named = {name: params.text(name) for name in ("description", "statement_descriptor")}
    payout = work.add("payout", fields | named | {"metadata": metadata}, call.account)
    payout["balance_transaction"] = balance.post(work, payout, "payout", -amount, account=call.account)["id"]
    work.emit("payout.created", payout, call.account)
    work.later("settle_payout", payout, call.account)
    return payout


async def _bank(work: Work, call: Call) -> Object:
    if not call.account:
        return {"id": "ba_estuary", "_fails": None}
    account = await work.get("account", call.account)
    bank = accounts.bank_of(account)
    if not account["payouts_enabled"] or bank is None:
        message = "Payouts are not enabled on this account: it has not completed onboarding."
        raise StripeError(message, code="payouts_not_allowed")
    return bank


def _fields(amount: int, currency: str, bank: str, arrival: int) -> Object:
    return {
        "amount": amount,
        "application_fee": None,
        "arrival_date": arrival,
        "automatic": False,
        "balance_transaction": None,
        "currency": currency,
        "destination": bank,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "method": "standard",
        "original_payout": None,
        "reconciliation_status": "not_applicable",
        "reversed_by": None,
        "source_type": "card",
        "status": "pending",
        "type": "bank_account",
    }


def settle(work: Work, payout: Object, account: Object | None) -> None:
    """The bank answers: paid, or failed where Stripe's test bank account says so, and the money returns."""
    if payout["status"] != "pending":
        return
    owner = account["id"] if account else ""
    bank = accounts.bank_of(account) if account else None
    failure = bank.get("_fails") if bank else None
    if failure is None:
        payout["status"] = "paid"
        work.emit("payout.paid", work.save(payout, owner), owner)
    else:
        fail(work, payout, owner, failure)


def fail(work: Work, payout: Object, owner: str, failure: str) -> None:
    """The bank sends the money back, also days after it was paid; refused for a payout that has ended otherwise."""
    if payout["status"] not in ("pending", "paid"):
        raise StripeError(f"Payout {payout['id']} is {payout['status']} and cannot fail.")
    entry = balance.post(work, payout, "payout_failure", payout["amount"], account=owner)
    payout |= {"status": "failed", "failure_balance_transaction": entry["id"]}
    payout |= {"failure_code": failure, "failure_message": FAILURES[failure]}
    work.emit("payout.failed", work.save(payout, owner), owner)


async def cancel(work: Work, call: Call) -> Object:
    """POST /v1/payouts/{id}/cancel, while it is pending."""
    payout = await work.get("payout", call.id, call.account, lock=True)
    if payout["status"] != "pending":
        raise StripeError("Payouts can only be canceled while they are pending.", code="payout_not_cancelable")
    balance.post(work, payout, "payout_cancel", payout["amount"], account=call.account)
    payout["status"] = "canceled"
    work.emit("payout.canceled", work.save(payout, call.account), call.account)
    return payout


async def retrieve(work: Work, call: Call) -> Object:
    """GET /v1/payouts/{id}."""
    return await work.get("payout", call.id, call.account)


async def list_payouts(work: Work, call: Call) -> Object:
    """GET /v1/payouts."""
    return await lists.page(work, call, "payout", ("status", "destination"))
