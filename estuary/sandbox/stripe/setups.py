"""Setup intents: a card is saved for later, with 3D Secure where its bank wants it, and without a payment."""

from estuary.sandbox.stripe import customers, lists, methods, saved
from estuary.sandbox.stripe.attempts import ask, error_of, must_authenticate
from estuary.sandbox.stripe.calls import Answer, Call, check_client_secret, unexpected_state
from estuary.sandbox.stripe.cards import Decline
from estuary.sandbox.stripe.errors import StripeError
from estuary.sandbox.stripe.ids import new_id, secret
from estuary.sandbox.stripe.params import Params
from estuary.sandbox.stripe.work import Object, Work, visible

UNAUTHENTICATED = Decline(
    "setup_intent_authentication_failure",
    None,
    "The provided PaymentMethod has failed authentication. You can provide a new PaymentMethod to try again.",
)
OPEN = frozenset({"requires_payment_method", "requires_confirmation", "requires_action"})
REASONS = frozenset({"abandoned", "duplicate", "requested_by_customer"})
PUBLIC = ("automatic_payment_methods", "cancellation_reason", "client_secret", "created", "description", "id",
          "last_setup_error", "livemode", "next_action", "object", "payment_method", "payment_method_types", "status",
          "usage")  # fmt: skip


async def create(work: Work, call: Call) -> Object | Answer:
    """POST /v1/setup_intents."""
    params = call.params
    intent = work.add("setup_intent", _fields(params, await customers.of_call(work, params)))
    intent["client_secret"] = f"{intent['id']}_secret_{secret()}"
    await _name(work, intent, params)
    work.emit("setup_intent.created", intent)
    return await _attempt(work, intent, params) if params.boolean("confirm") else intent


def _fields(params: Params, customer: str | None) -> Object:
    types = params.words("payment_method_types")
    redirects = params.tree("automatic_payment_methods").get("allow_redirects", "always")
    return {
        "application": None,
        "automatic_payment_methods": None if types else {"allow_redirects": redirects, "enabled": True},
        "cancellation_reason": None,
        "client_secret": None,
        "customer": customer,
        "description": params.text("description"),
        "flow_directions": None,
        "last_setup_error": None,
        "latest_attempt": None,
        "mandate": None,
        "metadata": params.metadata(),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_options": {},
        "payment_method_types": types or ["card", "us_bank_account"],
        "single_use_mandate": None,
        "status": "requires_payment_method",
        "usage": params.choice("usage", {"on_session", "off_session"}) or "off_session",
        "_return_url": params.url("return_url"),
        "_authenticate": secret(),
    }


async def _name(work: Work, intent: Object, params: Params) -> None:
    """The call may name the payment method that is to be saved."""
    if method := await methods.of_call(work, params):
        saved.demand_usable(method, intent["customer"])
        intent |= {"payment_method": method["id"], "status": "requires_confirmation", "next_action": None}


async def retrieve(work: Work, call: Call) -> Object:
    """GET /v1/setup_intents/{id}; a browser with the publishable key and the client secret sees the public part."""
    intent = await work.get("setup_intent", call.id)
    check_client_secret(call, intent)
    return public(intent) if call.publishable else intent


async def update(work: Work, call: Call) -> Object:
    """POST /v1/setup_intents/{id}."""
    params = call.params
    intent = await work.get("setup_intent", call.id, lock=True)
    if {"customer", "payment_method", "payment_method_data"} & params.values.keys():
        _demand_open(intent, "update")
    if "customer" in params:
        intent["customer"] = await customers.of_call(work, params)
    if "description" in params:
        intent["description"] = params.text("description")
    intent["metadata"] = params.metadata(intent["metadata"])
    await _name(work, intent, params)
    return work.save(intent)


async def confirm(work: Work, call: Call) -> Object | Answer:
    """POST /v1/setup_intents/{id}/confirm: tries to save the card."""
    intent = await work.get("setup_intent", call.id, lock=True)
    check_client_secret(call, intent)
    _demand_open(intent, "confirm")
    intent["_return_url"] = call.params.url("return_url") or intent["_return_url"]
    result = await _attempt(work, intent, call.params)
    if not call.publishable:
        return result
    if isinstance(result, Answer):
        result.body["error"]["setup_intent"] = public(intent)
        return result
    return public(intent)


async def _attempt(work: Work, intent: Object, params: Params) -> Object | Answer:
    method = await methods.of_intent(work, intent, params)
    if method is None:
        raise unexpected_state(intent, "You cannot confirm this SetupIntent because it's missing a payment method.")
    if method["type"] not in intent["payment_method_types"]:
        message = f"The payment method type {method['type']} is not allowed for this SetupIntent."
        raise StripeError(message, code="parameter_invalid_string", param="payment_method")
    if method["id"] != intent["payment_method"]:
        saved.demand_usable(method, intent["customer"])
    intent |= {"payment_method": method["id"], "next_action": None, "last_setup_error": None}
    intent["latest_attempt"] = new_id("setup_attempt")
    if must_authenticate(method, away=False):
        return ask(work, intent)
    return _save(work, intent, method)


def authenticated(work: Work, intent: Object, method: Object, *, passed: bool) -> None:
    """Goes on after the answer to 3D Secure."""
    intent["next_action"] = None
    if passed:
        _save(work, intent, method)
    else:
        _fail(work, intent, method, UNAUTHENTICATED)


def _save(work: Work, intent: Object, method: Object) -> Object | Answer:
    card = methods.card_of(method)
    if card.decline is not None and not card.attaches:
        return _fail(work, intent, method, card.decline)
    intent["status"] = "succeeded"
    saved.remember(work, intent, method, intent["usage"])
    work.emit("setup_intent.succeeded", intent)
    return work.save(intent)


def _fail(work: Work, intent: Object, method: Object, reason: Decline) -> Answer:
    error = error_of(reason, method)
    intent |= {"status": "requires_payment_method", "payment_method": None, "last_setup_error": error}
    work.emit("setup_intent.setup_failed", work.save(intent))
    return Answer(402, {"error": error | {"setup_intent": visible(intent)}})


async def cancel(work: Work, call: Call) -> Object:
    """POST /v1/setup_intents/{id}/cancel."""
    reason = call.params.choice("cancellation_reason", REASONS)
    intent = await work.get("setup_intent", call.id, lock=True)
    _demand_open(intent, "cancel")
    intent |= {"status": "canceled", "cancellation_reason": reason, "next_action": None}
    work.emit("setup_intent.canceled", intent)
    return work.save(intent)


def _demand_open(intent: Object, call: str) -> None:
    if intent["status"] not in OPEN:
        raise unexpected_state(
            intent, f"You cannot {call} this SetupIntent because it has a status of {intent['status']}."
        )


async def list_setups(work: Work, call: Call) -> Object:
    """GET /v1/setup_intents."""
    return await lists.page(work, call, "setup_intent", ("customer", "payment_method"))


def public(intent: Object) -> Object:
    """What a browser may see of it."""
    return {name: value for name, value in visible(intent).items() if name in PUBLIC}
