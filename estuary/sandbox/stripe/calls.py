"""What a client asked for: the parameters and who asks."""

from dataclasses import dataclass
from hmac import compare_digest
from typing import Any

from estuary.sandbox.stripe.errors import StripeError, missing_resource
from estuary.sandbox.stripe.params import Params
from estuary.sandbox.stripe.work import PLATFORM, Object, visible


@dataclass(frozen=True, slots=True)
class Call:
    """One API call. `id` and `sub_id` come from the path; `account` is the Stripe-Account header, or the platform."""

    params: Params
    path: str = ""
    id: str = ""
    sub_id: str = ""
    account: str = PLATFORM
    publishable: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer other than a plain 200, whose effects stay: a declined card."""

    status: int
    body: dict[str, Any]


def check_client_secret(call: Call, intent: Object) -> None:
    """A publishable key may see and confirm only the intent, of a payment or a setup, whose client secret it sends."""
    given = call.params.text("client_secret")
    if not call.publishable and given is None:
        return
    if given is None or not compare_digest(given.encode(), intent["client_secret"].encode()):
        raise missing_resource(intent["object"], intent["id"], "client_secret")


def unexpected_state(intent: Object, message: str) -> StripeError:
    """The intent's status does not allow the call."""
    shown: dict[str, Any] = {intent["object"]: visible(intent)}
    return StripeError(message, code=f"{intent['object']}_unexpected_state", **shown)
