"""Refunds: never more than the charge; some test cards make them slow, or fail them afterwards."""

from estuary.sandbox.stripe import balance, lists
from estuary.sandbox.stripe.calls import Call
from estuary.sandbox.stripe.cards import find
from estuary.sandbox.stripe.errors import StripeError, missing_param, missing_resource
from estuary.sandbox.stripe.params import demand_multiple
from estuary.sandbox.stripe.work import Object, Work
from shared.records.currencies import step

REASONS = frozenset({"duplicate", "fraudulent", "requested_by_customer"})

FAILS_FROM = frozenset({"pending", "succeeded"})


async def create(work: Work, call: Call) -> Object:
    """POST /v1/refunds, for a charge or the charge of a payment intent; without an amount, what is left."""
    reason, amount = call.params.choice("reason", REASONS), call.params.amount()
    metadata = call.params.metadata()
    charge = await _charge(work, call)
    left = charge["amount"] - charge["amount_refunded"]
    if left == 0:
        raise StripeError(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if amount is not None and amount > left:
        message = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})."
        raise StripeError(message, code="amount_too_large", param="amount")
    wanted = demand_multiple(amount or left, step(charge["currency"].upper()), charge["currency"])
    return _refund(work, charge, wanted, reason, metadata)


async def _charge(work: Work, call: Call) -> Object:
    charge_id, intent_id = call.params.text("charge"), call.params.text("payment_intent")
    if charge_id is None and intent_id is None:
        raise missing_param("payment_intent")
    if charge_id is None and intent_id is not None:
        intent = await work.get("payment_intent", intent_id, param="payment_intent")
        charge_id = intent["latest_charge"] if intent["status"] == "succeeded" else None
        if charge_id is None:
            raise StripeError(f"This PaymentIntent ({intent_id}) does not have a successful charge to refund.")
    charge = await work.get("charge", charge_id or "", lock=True, param="charge")
    if intent_id is not None and charge["payment_intent"] != intent_id:
        raise missing_resource("charge", charge["id"], "charge", 400)
    _refundable(charge)
    return charge


def _refundable(charge: Object) -> None:
    if not charge["captured"]:
        message = f"Charge {charge['id']} is not paid or not captured, and cannot be refunded."
        raise StripeError(message, code="charge_not_refundable")
    if charge["disputed"] and not charge.get("_dispute_won"):
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise StripeError(message, code="charge_disputed")


def _refund(work: Work, charge: Object, amount: int, reason: str | None, metadata: dict[str, str]) -> Object:
    card = find(charge["_token"])
    slow = card.refunds if card else "succeeded"
    fields = _fields(charge, amount, reason, metadata) | {"status": "pending" if slow == "pending" else "succeeded"}
    refund = work.add("refund", fields)
    refund["balance_transaction"] = balance.post(work, refund, "refund", -amount)["id"]
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    work.save(charge)
    work.emit("refund.created", refund)
    work.emit("charge.refunded", charge)
    if slow != "succeeded":
        work.later("settle_refund" if slow == "pending" else "fail_refund", refund)
    return refund


def release(work: Work, charge: Object, amount: int, reason: str | None = None) -> None:
    """So much of it was authorised and never captured, and is free again; no balance changes."""
    refund = work.add("refund", _fields(charge, amount, reason, {}) | {"status": "succeeded"})
    charge |= {"amount_refunded": amount, "refunded": amount == charge["amount"]}
    work.emit("refund.created", refund)
    work.emit("charge.refunded", work.save(charge))


def _fields(charge: Object, amount: int, reason: str | None, metadata: dict[str, str]) -> Object:
    return {
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "currency": charge["currency"],
        "destination_details": {"card": {"reference_status": "pending", "type": "refund"}, "type": "card"},
        "metadata": metadata,
        "payment_intent": charge["payment_intent"],
        "reason": reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "transfer_reversal": None,
    }


def settle(work: Work, refund: Object) -> None:
    """A slow refund arrives, unless it has failed meanwhile."""
    if refund["status"] != "pending":
        return
    refund["status"] = "succeeded"
    work.emit("refund.updated", work.save(refund))


def fail(work: Work, refund: Object, charge: Object) -> None:
    """A refund that the card's bank sends back: the money returns, and the charge counts as not refunded again."""
    if refund["status"] not in FAILS_FROM:
        raise StripeError(f"Refund {refund['id']} is {refund['status']} and cannot fail.")
    entry = balance.post(work, refund, "refund_failure", refund["amount"])
    refund |= {"status": "failed", "failure_reason": "unknown", "failure_balance_transaction": entry["id"]}
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    work.save(charge)
    work.emit("refund.updated", work.save(refund))
    work.emit("refund.failed", refund)


async def retrieve(work: Work, call: Call) -> Object:
    """GET /v1/refunds/{id}."""
    return await work.get("refund", call.id)


async def update(work: Work, call: Call) -> Object:
    """POST /v1/refunds/{id}: metadata only."""
    refund = await work.get("refund", call.id, lock=True)
    refund["metadata"] = call.params.metadata(refund["metadata"])
    return work.save(refund)


async def list_refunds(work: Work, call: Call) -> Object:
    """GET /v1/refunds."""
    return await lists.page(work, call, "refund", ("payment_intent", "charge"))
