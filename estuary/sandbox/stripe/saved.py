"""Payment methods that a customer keeps: who may use which, and what may not be used again."""

from dataclasses import replace

from estuary.sandbox.stripe import lists, methods
from estuary.sandbox.stripe.calls import Call
from estuary.sandbox.stripe.cards import Decline
from estuary.sandbox.stripe.errors import StripeError
from estuary.sandbox.stripe.params import Params
from estuary.sandbox.stripe.work import Object, Work


async def of_name(work: Work, name: str) -> Object:
    """The stored payment method, locked, or a new one of a test token."""
    found = await methods.of_call(work, Params({"payment_method": name}))
    assert found is not None
    return found


def attach_to(work: Work, method: Object, customer: str) -> Object:
    """Saves it to the customer; refused for one that was used or saved before, and for cards that Stripe declines."""
    if method["customer"] is not None:
        raise StripeError("The payment method you provided has already been attached to a customer.")
    _demand_unused(method)
    card = methods.card_of(method)
    if card.decline is not None and not card.attaches:
        raise declined(card.decline)
    return keep(work, method, customer)


def keep(work: Work, method: Object, customer: str) -> Object:
    """Saves it to the customer; nothing changes if it is."""
    if method["customer"] != customer:
        method["customer"] = customer
        work.emit("payment_method.attached", work.save(method))
    return method


def remember(work: Work, intent: Object, method: Object, usage: str | None) -> None:
    """What a setup, or a payment with that future usage, leaves behind: a card that is saved and set up for it."""
    if usage == "off_session":
        method["_set_up"] = True
        work.save(method)
    if usage is not None and intent["customer"] is not None:
        keep(work, method, intent["customer"])


def let_go(work: Work, method: Object) -> None:
    """No customer has it any more, and nobody may use it."""
    method |= {"customer": None, "_used": True}
    work.save(method)


def demand_usable(method: Object, customer: str | None) -> None:
    """Refuses a method of another customer, and one that was used without being saved."""
    if method["customer"] is None:
        _demand_unused(method)
    elif customer is None:
        message = f"The payment method supplied ({method['id']}) belongs to a Customer. Please include the Customer in "
        raise StripeError(message + "the `customer` parameter.", param="payment_method")
    elif method["customer"] != customer:
        raise not_theirs(method)


def not_theirs(method: Object) -> StripeError:
    """The customer that the call is about has not saved that payment method."""
    message = (
        f"The customer does not have a payment method with the ID {method['id']}. "
        "The payment method must be attached to the customer."
    )
    return StripeError(message, param="payment_method")


def _demand_unused(method: Object) -> None:
    if method.get("_used"):
        message = (
            "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared "
            "with a connected account without Customer attachment, or was detached from a Customer. It may not be used "
            "again. To use a PaymentMethod multiple times, you must attach it to a Customer first."
        )
        raise StripeError(message)


def declined(reason: Decline) -> StripeError:
    """The card's bank refuses that it is saved."""
    return StripeError(reason.message, status=402, kind="card_error", code=reason.code,
                       decline_code=reason.decline_code, advice_code=reason.advice)  # fmt: skip


async def list_of_customer(work: Work, call: Call) -> Object:
    """GET /v1/customers/{id}/payment_methods."""
    await work.get("customer", call.id)
    named = Params(call.params.values | {"customer": call.id})
    return await list_methods(work, replace(call, params=named))


async def list_methods(work: Work, call: Call) -> Object:
    """GET /v1/payment_methods."""
    return await lists.page(work, call, "payment_method", ("customer", "type"))


async def retrieve_of_customer(work: Work, call: Call) -> Object:
    """GET /v1/customers/{id}/payment_methods/{id}."""
    method = await work.get("payment_method", call.sub_id)
    if method["customer"] != call.id:
        raise not_theirs(method)
    return method


async def update(work: Work, call: Call) -> Object:
    """POST /v1/payment_methods/{id}: when a saved card expires, whose it is, and metadata."""
    method = await work.get("payment_method", call.id, lock=True)
    if method["customer"] is None:
        message = "You must save this PaymentMethod to a customer before you can update it."
        raise StripeError(message)
    method["metadata"] = call.params.metadata(method["metadata"])
    methods.change(method, call.params)
    work.emit("payment_method.updated", work.save(method))
    return method
