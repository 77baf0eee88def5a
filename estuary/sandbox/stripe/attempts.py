"""Attempts to take an intent's money: how each test payment method answers, at once, after 3D Secure, or later."""

from typing import Any

from estuary.sandbox.stripe import captures, charges, saved
from estuary.sandbox.stripe.calls import Answer
from estuary.sandbox.stripe.cards import AUTHENTICATION, Card, Decline
from estuary.sandbox.stripe.errors import doc_url
from estuary.sandbox.stripe.methods import card_of
from estuary.sandbox.stripe.work import Object, Work, visible

UNAUTHENTICATED = Decline(
    "payment_intent_authentication_failure",
    None,
    "The provided PaymentMethod has failed authentication. You can provide a new PaymentMethod to try again.",
)


async def attempt(work: Work, intent: Object, method: Object, *, away: bool) -> Object | Answer:
    """Confirms the intent with that method; `away`: the payer is not there to authenticate (off-session)."""
    card = card_of(method)
    intent |= {"payment_method": method["id"], "next_action": None, "last_payment_error": None}
    work.save(intent)
    if method["customer"] is None and intent["setup_future_usage"] is None:
        method["_used"] = True
        work.save(method)
    if not must_authenticate(method, away=away):
        return _take(work, intent, method, card)
    return decline(work, intent, method, AUTHENTICATION) if away else ask(work, intent)


def must_authenticate(method: Object, *, away: bool) -> bool:
    """Whether the card's bank wants to see its owner now."""
    card = card_of(method)
    free = away and (card.off_session or (card.once and method.get("_set_up", False)))
    return card.authenticates and not free


def authenticated(work: Work, intent: Object, method: Object, *, passed: bool) -> None:
    """Goes on after the payer's answer to 3D Secure."""
    intent["next_action"] = None
    work.save(intent)
    if passed:
        _take(work, intent, method, card_of(method))
    else:
        decline(work, intent, method, UNAUTHENTICATED)


def settle(work: Work, intent: Object, method: Object) -> None:
    """Ends a slow payment: it succeeds or fails as the test payment method says."""
    card = card_of(method)
    intent["processing"] = None
    if card.decline:
        decline(work, intent, method, card.decline)
    else:
        _succeed(work, intent, method)


def _take(work: Work, intent: Object, method: Object, card: Card) -> Object | Answer:
    if card.slow:
        return _process(work, intent, card)
    if card.decline:
        return decline(work, intent, method, card.decline)
    return _succeed(work, intent, method)


def ask(work: Work, intent: Object) -> Object:
    """The intent, of a payment or a setup, waits for 3D Secure on a page of ours."""
    url = f"{work.settings.public}/sandbox/stripe/authenticate/{intent['id']}/{intent['_authenticate']}/"
    redirect = {"return_url": intent["_return_url"], "url": url}
    intent |= {"status": "requires_action", "next_action": {"redirect_to_url": redirect, "type": "redirect_to_url"}}
    work.emit(f"{intent['object']}.requires_action", intent)
    return work.save(intent)


def _process(work: Work, intent: Object, card: Card) -> Object:
    intent["status"] = "processing"
    work.emit("payment_intent.processing", intent)
    if not card.stuck:
        work.later("settle_intent", intent)
    return work.save(intent)


def _succeed(work: Work, intent: Object, method: Object) -> Object:
    charge = charges.make(work, intent, method)
    saved.remember(work, intent, method, intent["setup_future_usage"])
    if intent["capture_method"] == "manual":
        return captures.authorize(work, intent, charge)
    return captures.take(work, intent, charge, intent["amount"], "charge.succeeded")


def decline(work: Work, intent: Object, method: Object, reason: Decline) -> Answer:
    """The attempt failed: the intent waits for another payment method, and the answer is Stripe's card_error."""
    charge = charges.make(work, intent, method, reason)
    error = error_of(reason, method, charge=charge["id"])
    intent |= {"status": "requires_payment_method", "payment_method": None, "last_payment_error": error}
    intent["latest_charge"] = charge["id"]
    work.emit("payment_intent.payment_failed", intent)
    work.save(intent)
    return Answer(402, {"error": error | {"payment_intent": visible(intent)}})


def error_of(reason: Decline, method: Object, *, charge: str | None = None) -> dict[str, Any]:
    """The error that the intent and the answer show."""
    error = {
        "advice_code": reason.advice,
        "charge": charge,
        "code": reason.code,
        "decline_code": reason.decline_code,
        "doc_url": doc_url(reason.code),
        "message": reason.message,
        "payment_method": visible(method),
        "type": "invalid_request_error" if reason.code.endswith("authentication_failure") else "card_error",
    }
    return {name: value for name, value in error.items() if value is not None}
