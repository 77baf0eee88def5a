"""Payment methods: the test ones by name, and what was made of them."""

from typing import Any

from estuary.sandbox.stripe import cards
from estuary.sandbox.stripe.calls import Call
from estuary.sandbox.stripe.cards import Card
from estuary.sandbox.stripe.errors import StripeError, missing_param, missing_resource
from estuary.sandbox.stripe.params import Params
from estuary.sandbox.stripe.work import Object, Work

CHECKS = {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"}


async def create(work: Work, call: Call) -> Object:
    """POST /v1/payment_methods, with one of Stripe's test tokens or test card numbers."""
    token = _token_of(call.params)
    if token is None:
        raise missing_param("card")
    return make(work, token, "card")


async def retrieve(work: Work, call: Call) -> Object:
    """GET /v1/payment_methods/{id}."""
    return await work.get("payment_method", call.id)


async def of_call(work: Work, params: Params) -> Object | None:
    """The payment method that the call names, made from its token if need be; None if it names none."""
    name = params.text("payment_method")
    if name is None:
        token = _token_of(Params(params.tree("payment_method_data")))
        return None if token is None else make(work, token, "payment_method_data")
    stored = None if cards.find(name) else await work.find("payment_method", name)
    return stored or make(work, name, "payment_method")


def make(work: Work, token: str, param: str) -> Object:
    """A payment method that behaves as the test token's name says; resource_missing for an unknown name."""
    card = cards.find(token)
    if card is None:
        raise missing_resource("PaymentMethod", token, param, 400)
    return work.add("payment_method", _fields(card) | {"_token": token})


def card_of(method: Object) -> Card:
    """How the payment method behaves."""
    card = cards.find(method["_token"])
    assert card is not None
    return card


def details(card: Card) -> dict[str, Any]:
    """`payment_method_details` of a charge."""
    return {"type": card.kind, card.kind: _described(card) | ({"three_d_secure": None} if card.brand else {})}


def _described(card: Card) -> dict[str, Any]:
    if card.kind != "card":
        return {"account_type": "checking", "bank_name": "STRIPE TEST BANK", "last4": card.last4}
    return {
        "brand": card.brand,
        "checks": CHECKS,
        "country": card.country,
        "exp_month": 12,
        "exp_year": 2040,
        "funding": card.funding,
        "last4": card.last4,
        "network": card.brand,
    }


def _fields(card: Card) -> Object:
    address = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
    return {
        "allow_redisplay": "unspecified",
        "billing_details": {"address": address, "email": None, "name": None, "phone": None},
        "customer": None,
        "metadata": {},
        "type": card.kind,
        card.kind: _described(card),
    }


def _token_of(params: Params) -> str | None:
    card = Params(params.tree("card"))
    token, number = card.text("token"), card.text("number", longest=40)
    if token is not None:
        return "pm_card_" + token.removeprefix("tok_")
    if number is None:
        return None
    known = cards.NUMBERS.get(number.replace(" ", "").replace("-", ""))
    if known is None:
        raise StripeError("Only Stripe's test card numbers work here.", status=402, kind="card_error",
                          code="card_declined", param="number", decline_code="test_mode_live_card")  # fmt: skip
    return known
