"""Manual capture: money that a card's bank holds for us until it is captured or given back, or seven days are over."""

from estuary.sandbox.stripe import balance, refunds
from estuary.sandbox.stripe.cards import find
from estuary.sandbox.stripe.errors import StripeError
from estuary.sandbox.stripe.work import Object, Work

SECONDS_TO_CAPTURE = 7 * 24 * 3600


def authorize(work: Work, intent: Object, charge: Object) -> Object:
    """The bank holds the amount for seven days, by the sandbox's clock."""
    capture_before = work.now + SECONDS_TO_CAPTURE
    charge["payment_method_details"]["card"]["capture_before"] = capture_before
    work.emit("charge.succeeded", work.save(charge))
    work.at("expire_intent", intent, capture_before)
    intent |= {"status": "requires_capture", "amount_capturable": intent["amount"], "latest_charge": charge["id"]}
    work.emit("payment_intent.amount_capturable_updated", intent)
    return work.save(intent)


def take(work: Work, intent: Object, charge: Object, amount: int, event: str) -> Object:
    """The charge's money is ours, less Stripe's fee; what is not taken of it is free again, and shown as a refund."""
    fee, settles_on = balance.card_fee(amount), balance.settles_on(work.now, work.settings.settle_days)
    entry = balance.post(work, charge, "charge", amount, fee=fee, available_on=settles_on)
    charge |= {"amount_captured": amount, "captured": True, "balance_transaction": entry["id"]}
    work.emit(event, work.save(charge))
    if amount < charge["amount"]:
        refunds.release(work, charge, charge["amount"] - amount)
    intent |= {"status": "succeeded", "amount_received": amount, "amount_capturable": 0, "latest_charge": charge["id"]}
    work.emit("payment_intent.succeeded", intent)
    card = find(charge["_token"])
    if card is not None and card.dispute:
        work.later("dispute_charge", charge)
    return work.save(intent)


def demand_capturable(intent: Object, amount: int | None) -> int:
    """How much is captured: all, unless the call says less."""
    capturable: int = intent["amount_capturable"]
    if amount is not None and amount > capturable:
        message = f"You cannot capture {amount}: the remaining amount that can be captured is {capturable}."
        raise StripeError(message, code="amount_too_large", param="amount_to_capture")
    return amount or capturable


async def void(work: Work, intent: Object, reason: str | None = None) -> None:
    """The bank lets the money go; Stripe shows that as a refund which moves nothing."""
    charge = await work.get("charge", intent["latest_charge"], lock=True)
    intent["amount_capturable"] = 0
    refunds.release(work, charge, charge["amount"], reason)


async def expire(work: Work, intent: Object) -> None:
    """Nobody captured in time."""
    if intent["status"] != "requires_capture":
        return
    await void(work, intent, "expired_uncaptured_charge")
    work.emit("charge.expired", await work.get("charge", intent["latest_charge"]))
    intent |= {"status": "canceled", "canceled_at": work.now, "cancellation_reason": "automatic"}
    work.emit("payment_intent.canceled", work.save(intent))
