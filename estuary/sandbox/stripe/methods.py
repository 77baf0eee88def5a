"""Payment methods: the test ones by name, and what was made of them."""

import hashlib
from dataclasses import replace
from typing import Any

from estuary.sandbox.stripe import cards
from estuary.sandbox.stripe.calls import Call
from estuary.sandbox.stripe.cards import Card
from estuary.sandbox.stripe.errors import StripeError, missing_param, missing_resource
from estuary.sandbox.stripe.params import Params
from estuary.sandbox.stripe.work import Object, Work

CHECKS = {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"}
ON_CHARGES = ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4", "wallet")


async def create(work: Work, call: Call) -> Object:
    """POST /v1/payment_methods, with one of Stripe's test tokens or test card numbers."""
    token = _token_of(call.params)
    if token is None:
        raise missing_param("card")
    return change(make(work, token, "card"), call.params)


async def retrieve(work: Work, call: Call) -> Object:
    """GET /v1/payment_methods/{id}."""
    return await work.get("payment_method", call.id)


async def of_call(work: Work, params: Params) -> Object | None:
    """The payment method that the call names, locked, or made from its token; None if it names none."""
    name = params.text("payment_method")
    if name is None:
        given = Params(params.tree("payment_method_data"))
        token = _token_of(given)
        return None if token is None else change(make(work, token, "payment_method_data"), given)
    stored = None if cards.find(name) else await work.find("payment_method", name, lock=True)
    return stored or make(work, name, "payment_method")


async def of_intent(work: Work, intent: Object, params: Params) -> Object | None:
    """With which payment method the intent, of a payment or a setup, is confirmed: the call's, else its own; locked."""
    method = await of_call(work, params)
    if method is None and intent["payment_method"]:
        return await work.get("payment_method", intent["payment_method"], lock=True)
    return method


def make(work: Work, token: str, param: str) -> Object:
    """A payment method that behaves as the test token's name says; resource_missing for an unknown name."""
    card = cards.find(token)
    if card is None:
        raise missing_resource("PaymentMethod", token, param, 400)
    return work.add("payment_method", _fields(card) | {"_token": token})


def change(method: Object, params: Params) -> Object:
    """Gives it the month and year in which the card expires, and whose it is, as far as the call names them."""
    card, person = Params(params.tree("card")), Params(params.tree("billing_details"))
    for name, least, most in (("exp_month", 1, 12), ("exp_year", 1970, 9999)):
        value = card.integer(name)
        if value is not None and method["type"] == "card":
            if not least <= value <= most:
                message = f"Your card's expiration {name.removeprefix('exp_')} is invalid."
                raise StripeError(message, status=402, kind="card_error", code=f"invalid_{name[4:]}", param=name)
            method["card"][name] = value
    method["billing_details"] |= {name: person.text(name) for name in ("email", "name", "phone") if name in person}
    return method


def card_of(method: Object) -> Card:
    """How the payment method behaves."""
    card = cards.find(method["_token"])
    assert card is not None
    said = method.get("_declines")
    return replace(card, decline=cards.Decline(*said), attaches=True) if said else card


def details(method: Object) -> dict[str, Any]:
    """`payment_method_details` of a charge."""
    kind = method["type"]
    if kind != "card":
        return {"type": kind, kind: dict(method[kind])}
    shown = {name: method["card"][name] for name in ON_CHARGES}
    return {"type": kind, kind: shown | {"network": shown["brand"], "three_d_secure": None}}


def fingerprint(described: dict[str, Any]) -> str:
    """The same for the same card number, whoever saves it."""
    number = "/".join(str(described.get(name)) for name in ("brand", "country", "funding", "last4"))
    return hashlib.blake2b(number.encode(), digest_size=8).hexdigest()


def _described(card: Card) -> dict[str, Any]:
    known: dict[str, Any]
    if card.kind != "card":
        known = {"account_type": "checking", "bank_name": "STRIPE TEST BANK", "last4": card.last4}
    else:
        known = {
            "brand": card.brand,
            "checks": CHECKS,
            "country": card.country,
            "display_brand": card.brand,
            "exp_month": 12,
            "exp_year": 2040,
            "funding": card.funding,
            "generated_from": None,
            "last4": card.last4,
            "networks": {"available": [card.brand], "preferred": None},
            "regulated_status": None,
            "three_d_secure_usage": {"supported": True},
            "wallet": None,
        }
    return known | {"fingerprint": fingerprint(known)}


def _fields(card: Card) -> Object:
    address = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
    return {
        "allow_redisplay": "unspecified",
        "billing_details": {"address": address, "email": None, "name": None, "phone": None, "tax_id": None},
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
