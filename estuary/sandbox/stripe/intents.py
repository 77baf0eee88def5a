"""Payment intents: their states, and what a client may do in each."""

from estuary.sandbox.stripe import captures, customers, lists, methods, saved
from estuary.sandbox.stripe.attempts import attempt
from estuary.sandbox.stripe.calls import Answer, Call, check_client_secret, unexpected_state
from estuary.sandbox.stripe.errors import StripeError
from estuary.sandbox.stripe.ids import secret
from estuary.sandbox.stripe.params import Params
from estuary.sandbox.stripe.work import Object, Work, visible

# Which calls each state allows; every other one is refused with payment_intent_unexpected_state.
ALLOWED = {
    "requires_payment_method": frozenset({"confirm", "cancel", "update"}),
    "requires_confirmation": frozenset({"confirm", "cancel", "update"}),
    "requires_action": frozenset({"confirm", "cancel", "update"}),
    "requires_capture": frozenset({"capture", "cancel"}),
    "processing": frozenset({"settle"}),
    "succeeded": frozenset({"describe"}),
    "canceled": frozenset({"describe"}),
}
UNTIL_PAID = frozenset(
    {"amount", "currency", "customer", "payment_method", "payment_method_data", "setup_future_usage"}
)
CAPTURES = frozenset({"automatic", "automatic_async", "manual"})
USAGES = frozenset({"on_session", "off_session"})
REASONS = frozenset({"abandoned", "duplicate", "fraudulent", "requested_by_customer"})
PUBLIC = ("amount", "automatic_payment_methods", "canceled_at", "cancellation_reason", "capture_method",
          "client_secret", "confirmation_method", "created", "currency", "description", "id", "last_payment_error",
          "livemode", "next_action", "object", "payment_method", "payment_method_types", "processing",
          "receipt_email", "setup_future_usage", "shipping", "status")  # fmt: skip


def demand(intent: Object, call: str) -> None:
    """Refuses what the intent's state does not allow, in Stripe's words."""
    status = intent["status"]
    if call in ALLOWED[status]:
        return
    if (call, status) == ("confirm", "succeeded"):
        message = "because it has already succeeded after being previously confirmed."
    else:
        allowed = ", ".join(name for name, calls in ALLOWED.items() if call in calls)
        message = f"because it has a status of {status}. Only a PaymentIntent with one of these may: {allowed}."
    raise unexpected_state(intent, f"You cannot {call} this PaymentIntent {message}")


async def create(work: Work, call: Call) -> Object | Answer:
    """POST /v1/payment_intents."""
    params = call.params
    currency = params.currency()
    customer, method = await customers.of_call(work, params), await methods.of_call(work, params)
    intent = work.add("payment_intent", _fields(call, params.charge_amount(currency), currency, customer))
    intent["client_secret"] = f"{intent['id']}_secret_{secret()}"
    if method:
        saved.demand_usable(method, customer)
        intent |= {"payment_method": method["id"], "status": "requires_confirmation"}
    work.emit("payment_intent.created", intent)
    if not params.boolean("confirm"):
        return intent
    return await attempt(work, intent, _usable(intent, method), away=_away(call, intent))


def _fields(call: Call, amount: int, currency: str, customer: str | None) -> Object:
    params = call.params
    capture = params.choice("capture_method", CAPTURES) or "automatic_async"
    types = params.words("payment_method_types")
    usual = ["card"] if capture == "manual" else ["card", "us_bank_account"]
    redirects = params.tree("automatic_payment_methods").get("allow_redirects", "always")
    return {
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": None if types else {"allow_redirects": redirects, "enabled": True},
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": capture,
        "client_secret": None,
        "confirmation_method": "automatic",
        "currency": currency,
        "customer": customer,
        "description": params.text("description"),
        "last_payment_error": None,
        "latest_charge": None,
        "metadata": params.metadata(),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_options": {},
        "payment_method_types": types or usual,
        "processing": None,
        "receipt_email": params.text("receipt_email"),
        "review": None,
        "setup_future_usage": params.choice("setup_future_usage", USAGES),
        "shipping": None,
        "statement_descriptor": params.text("statement_descriptor", longest=22),
        "statement_descriptor_suffix": params.text("statement_descriptor_suffix", longest=22),
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": params.text("transfer_group"),
        "_return_url": params.url("return_url"),
        "_authenticate": secret(),
    }


async def retrieve(work: Work, call: Call) -> Object:
    """GET /v1/payment_intents/{id}; a browser with the publishable key and the client secret sees the public part."""
    intent = await work.get("payment_intent", call.id)
    check_client_secret(call, intent)
    return public(intent) if call.publishable else intent


async def update(work: Work, call: Call) -> Object:
    """POST /v1/payment_intents/{id}: description and metadata at any time, the rest until it is paid or canceled."""
    params = call.params
    intent = await work.get("payment_intent", call.id, lock=True)
    if UNTIL_PAID & params.values.keys():
        demand(intent, "update")
    if "amount" in params or "currency" in params:
        intent["currency"] = params.currency() if "currency" in params else intent["currency"]
        amount = params if "amount" in params else type(params)({"amount": str(intent["amount"])})
        intent["amount"] = amount.charge_amount(intent["currency"])
    for name in ("description", "receipt_email", "transfer_group"):
        if name in params:
            intent[name] = params.text(name)
    if "customer" in params:
        intent["customer"] = await customers.of_call(work, params)
    _set_usage(intent, params)
    intent["metadata"] = params.metadata(intent["metadata"])
    if method := await methods.of_call(work, params):
        saved.demand_usable(method, intent["customer"])
        intent |= {"payment_method": method["id"], "status": "requires_confirmation", "next_action": None}
    return work.save(intent)


async def confirm(work: Work, call: Call) -> Object | Answer:
    """POST /v1/payment_intents/{id}/confirm: tries to take the money."""
    intent = await work.get("payment_intent", call.id, lock=True)
    check_client_secret(call, intent)
    demand(intent, "confirm")
    intent["_return_url"] = call.params.url("return_url") or intent["_return_url"]
    _set_usage(intent, call.params)
    method = await methods.of_intent(work, intent, call.params)
    result = await attempt(work, intent, _usable(intent, method), away=_away(call, intent))
    if not call.publishable:
        return result
    if isinstance(result, Answer):
        result.body["error"]["payment_intent"] = public(intent)
        return result
    return public(intent)


def _usable(intent: Object, method: Object | None) -> Object:
    if method is None:
        message = "You cannot confirm this PaymentIntent because it's missing a payment method."
        raise unexpected_state(intent, message)
    if method["type"] not in intent["payment_method_types"]:
        message = f"The payment method type {method['type']} is not allowed for this PaymentIntent."
        raise StripeError(message, code="payment_intent_invalid_parameter", param="payment_method")
    if method["id"] != intent["payment_method"]:
        saved.demand_usable(method, intent["customer"])
    return method


def _set_usage(intent: Object, params: Params) -> None:
    if "setup_future_usage" in params:
        intent["setup_future_usage"] = params.choice("setup_future_usage", USAGES)


def _away(call: Call, intent: Object) -> bool:
    away = call.params.choice("off_session", {"true", "false", "one_off", "recurring"}) not in (None, "false")
    if away and intent["setup_future_usage"]:
        message = (
            "You cannot confirm with the `off_session` parameter when `setup_future_usage` is also set on the "
            "PaymentIntent because you cannot set up future usages when processing payments off-session."
        )
        raise StripeError(message, code="payment_intent_invalid_parameter", param="off_session")
    return away


async def cancel(work: Work, call: Call) -> Object:
    """POST /v1/payment_intents/{id}/cancel."""
    reason = call.params.choice("cancellation_reason", REASONS)
    intent = await work.get("payment_intent", call.id, lock=True)
    demand(intent, "cancel")
    if intent["status"] == "requires_capture":
        await captures.void(work, intent)
    intent |= {"status": "canceled", "canceled_at": work.now, "cancellation_reason": reason, "next_action": None}
    work.emit("payment_intent.canceled", intent)
    return work.save(intent)


async def capture(work: Work, call: Call) -> Object:
    """POST /v1/payment_intents/{id}/capture: once."""
    intent = await work.get("payment_intent", call.id, lock=True)
    demand(intent, "capture")
    amount = captures.demand_capturable(intent, call.params.amount("amount_to_capture"))
    charge = await work.get("charge", intent["latest_charge"], lock=True)
    return captures.take(work, intent, charge, amount, "charge.captured")


async def list_intents(work: Work, call: Call) -> Object:
    """GET /v1/payment_intents."""
    return await lists.page(work, call, "payment_intent", ("customer", "transfer_group"))


def public(intent: Object) -> Object:
    """What a browser may see of an intent."""
    return {name: value for name, value in visible(intent).items() if name in PUBLIC}
