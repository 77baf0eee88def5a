"""One request to Stripe: its key, its answer as a dict, and which kind of failure an error of the SDK is."""

from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar
from uuid import UUID

import aiohttp
import stripe

from services.payments.stripe.domain import failure_of
from services.payments.stripe.errors import KeySpent, StripeRefused, StripeUnavailable
from shared.database.session import inside_transaction
from shared.observability import telemetry
from shared.observability.logs import logger
from shared.records.ids import new_id

KEY_IN_USE = "idempotency_key_in_use"
ACCOUNT_GONE = "account_invalid"
"""Stripe's code for a connected account that was closed, or has taken back our access."""
SERVER_ERROR = 500
Made = TypeVar("Made", covariant=True)
log = logger()


class CardDeclined(StripeRefused):
    """The card was refused; carries the intent of the payment or the setup as Stripe showed it, where it did.

    To whoever confirms neither it is a refusal like any other.
    """

    def __init__(self, published: Mapping[str, Any]) -> None:
        """With the error as Stripe published it."""
        super().__init__(published.get("message"), reason=published.get("code") or "")
        self.intent: Mapping[str, Any] | None = published.get("payment_intent")
        self.setup: Mapping[str, Any] | None = published.get("setup_intent")
        self.failure = failure_of(self.reason, published)


def key_of(kind: str, row_id: UUID | str, number: int | UUID | None = None) -> str:
    """The idempotency key of that row's attempt, or of that object's."""
    return f"{kind}:{row_id}" if number is None else f"{kind}:{row_id}:{number}"


def with_key(kind: str, row_id: UUID | str, number: int | UUID | None = None) -> dict[str, Any]:
    """The options of a request that carries that key."""
    return {"idempotency_key": key_of(kind, row_id, number)}


class Sent(Protocol[Made]):
    """A call that takes, as `again`, what makes its key another one."""

    def __call__(self, *, again: UUID | None = None) -> Awaitable[Made]: ...


async def with_another_key(send: Sent[Made]) -> Made:
    """Sends, and where the key has met a server error sends once more under a key of its own.

    Only for what may be made twice: the one too many must move nothing.
    """
    try:
        return await send()
    except KeySpent:
        return await send(again=new_id())


async def every(
    page_of: Callable[..., Coroutine[Any, Any, stripe.StripeObject]],
    params: Mapping[str, Any],
    options: Mapping[str, Any] | None = None,
) -> Sequence[dict[str, Any]]:
    """All objects of a list, page by page."""
    found: list[dict[str, Any]] = []
    more, asked = True, {**params, "limit": 100}
    while more:
        page = await answer(page_of(asked, dict(options or {})))
        found += page["data"]
        more = bool(page["has_more"] and page["data"])
        asked = asked | {"starting_after": found[-1]["id"]} if more else asked
    return found


def carrying(listed: Sequence[dict[str, Any]], name: str, value: UUID) -> Iterator[dict[str, Any]]:
    """Those objects that carry our id in their metadata."""
    return (raw for raw in listed if (raw.get("metadata") or {}).get(name) == str(value))


async def answer(call: Coroutine[Any, Any, stripe.StripeObject]) -> dict[str, Any]:
    """Stripe's object as a dict; raises CardDeclined, StripeRefused or StripeUnavailable. Never in a transaction."""
    if inside_transaction():
        call.close()
        raise RuntimeError("Stripe was called inside a transaction")
    try:
        with telemetry.calling("stripe", getattr(call, "__qualname__", "call")):
            return (await call).to_dict()
    except stripe.CardError as error:
        raise _noting_repetition(CardDeclined(_error_of(error)), error) from error
    except stripe.IdempotencyError as error:
        if error.code == KEY_IN_USE:
            raise StripeUnavailable from error
        raise KeySpent(repr(error), ended=True) from error
    except stripe.InvalidRequestError as error:
        published = _error_of(error)
        reason, param = published.get("code") or "", published.get("param") or ""
        if reason == KEY_IN_USE:
            raise StripeUnavailable from error
        refused = StripeRefused(published.get("message"), reason=reason, param=param)
        raise _noting_repetition(refused, error) from error
    except stripe.StripeError as error:
        published = _error_of(error)
        if isinstance(error, stripe.PermissionError) and published.get("code") == ACCOUNT_GONE:
            raise StripeRefused(published.get("message"), reason=ACCOUNT_GONE) from error
        # Also a wrong key: for the client that is an outage like any other, the log has the reason.
        log.warning("stripe.unavailable", error=repr(error))
        if (error.http_status or 0) >= SERVER_ERROR:
            # Behind a 502 to 504 the request may still be carried out.
            raise KeySpent(repr(error), ended=error.http_status == SERVER_ERROR) from error
        raise StripeUnavailable from error
    except (aiohttp.ClientError, TimeoutError) as error:
        # The SDK reads an answer's body outside its own error handling: one that breaks off comes as it is.
        log.warning("stripe.unavailable", error=repr(error))
        raise StripeUnavailable from error


def _noting_repetition(refused: StripeRefused, error: stripe.StripeError) -> StripeRefused:
    refused.repeated = (error.headers or {}).get("idempotent-replayed") == "true"
    return refused


def _error_of(error: stripe.StripeError) -> dict[str, Any]:
    body = error.json_body
    published = body.get("error") if isinstance(body, dict) else None
    return published if isinstance(published, dict) else {}
