"""Customers: to whom payment methods are saved."""

from copy import deepcopy

from sqlalchemy import text

from estuary.sandbox.stripe import lists, saved
from estuary.sandbox.stripe.calls import Call
from estuary.sandbox.stripe.errors import StripeError, missing_resource
from estuary.sandbox.stripe.params import Params
from estuary.sandbox.stripe.work import Object, Work
from shared.database.statements import CompiledStatement

TEXTS = ("description", "email", "name", "phone")
FIELDS: Object = {
    "address": None,
    "balance": 0,
    "currency": None,
    "default_source": None,
    "delinquent": False,
    "discount": None,
    "invoice_prefix": None,
    "invoice_settings": {
        "custom_fields": None,
        "default_payment_method": None,
        "footer": None,
        "rendering_options": None,
    },
    "metadata": {},
    "next_invoice_sequence": 1,
    "preferred_locales": [],
    "shipping": None,
    "tax_exempt": "none",
    "test_clock": None,
    **dict.fromkeys(TEXTS),
}


async def create(work: Work, call: Call) -> Object:
    """POST /v1/customers; a `payment_method` is attached to it."""
    customer = work.add("customer", deepcopy(FIELDS))
    work.emit("customer.created", await _change(work, customer, call.params))
    return customer


async def _change(work: Work, customer: Object, params: Params) -> Object:
    for name in TEXTS:
        if name in params:
            customer[name] = params.text(name)
    customer["metadata"] = params.metadata(customer["metadata"])
    if (given := params.text("payment_method")) is not None:
        saved.attach_to(work, await saved.of_name(work, given), customer["id"])
    settings = Params(params.tree("invoice_settings"))
    if "default_payment_method" in settings:
        customer["invoice_settings"]["default_payment_method"] = await _own(work, customer, settings)
    return work.save(customer)


async def _own(work: Work, customer: Object, settings: Params) -> str | None:
    wanted = settings.text("default_payment_method")
    method = None if wanted is None else await work.get("payment_method", wanted, param="payment_method")
    if method is not None and method["customer"] != customer["id"]:
        raise saved.not_theirs(method)
    return wanted


async def retrieve(work: Work, call: Call) -> Object:
    """GET /v1/customers/{id}; of a deleted one its id is left."""
    customer = await work.get("customer", call.id)
    return _gone(customer) if customer.get("_deleted") else customer


async def update(work: Work, call: Call) -> Object:
    """POST /v1/customers/{id}."""
    customer = await living(work, call.id, lock=True)
    work.emit("customer.updated", await _change(work, customer, call.params))
    return customer


async def delete(work: Work, call: Call) -> Object:
    """DELETE /v1/customers/{id}: its payment methods can never be used again."""
    customer = await living(work, call.id, lock=True)
    work.emit("customer.deleted", customer)
    for row in await work.session.run(SAVED_TO, {"customer": customer["id"]}):
        saved.let_go(work, await work.get("payment_method", row.id, lock=True))
    work.save(customer | dict.fromkeys(TEXTS) | {"metadata": {}, "_deleted": True})
    return _gone(customer)


def _gone(customer: Object) -> Object:
    return {"id": customer["id"], "object": "customer", "deleted": True}


async def list_customers(work: Work, call: Call) -> Object:
    """GET /v1/customers."""
    return await lists.page(work, call, "customer", ("email",), only="data->>'_deleted' is null")


async def living(work: Work, identifier: str, *, param: str | None = None, lock: bool = False) -> Object:
    """The customer, unless it was deleted."""
    customer = await work.get("customer", identifier, param=param, lock=lock)
    if customer.get("_deleted"):
        raise missing_resource("customer", identifier, param or "id", 400 if param else 404)
    return customer


async def of_call(work: Work, params: Params) -> str | None:
    """The id of the customer that the call names; refused if there is none of that id."""
    named = params.text("customer")
    return None if named is None else str((await living(work, named, param="customer"))["id"])


async def attach(work: Work, call: Call) -> Object:
    """POST /v1/payment_methods/{id}/attach."""
    customer = await living(work, call.params.needed("customer"), param="customer", lock=True)
    return saved.attach_to(work, await saved.of_name(work, call.id), customer["id"])


async def detach(work: Work, call: Call) -> Object:
    """POST /v1/payment_methods/{id}/detach: it can never be used again."""
    owner = (await work.get("payment_method", call.id))["customer"]
    customer = None if owner is None else await work.get("customer", owner, lock=True)
    method = await work.get("payment_method", call.id, lock=True)
    if customer is None or method["customer"] != owner:
        message = "The payment method you provided is not attached to a customer so detachment is impossible."
        raise StripeError(message)
    if customer["invoice_settings"]["default_payment_method"] == method["id"]:
        customer["invoice_settings"]["default_payment_method"] = None
        work.save(customer)
    saved.let_go(work, method)
    work.emit("payment_method.detached", method)
    return method


SAVED_TO = CompiledStatement(
    text("select id from objects where kind = 'payment_method' and data->>'customer' = :customer order by seq")
)
