"""Stripe through its official SDK: typed answers, our own idempotency keys, and two kinds of failure.

`StripeUnavailable` means that the outcome is unknown, `StripeRefused` that Stripe understood and said no. Every POST
carries a key made of our own row's id, so that a repeat after a crash is the same request to Stripe (rule 8).
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import aiohttp
import stripe

from services.payments.errors import BadPaymentMethod, KeySpent, StripeRefused, StripeUnavailable
from services.payments.orders.domain import Intent, intent_of
from services.payments.payouts.details import BankAccount, bank_of, is_payable
from shared import telemetry
from shared.db import inside_transaction
from shared.logs import logger
from shared.money import Money

KEY_IN_USE = "idempotency_key_in_use"
SERVER_ERROR = 500
UNEXPECTED_STATE = "payment_intent_unexpected_state"
TIMEOUT_SECONDS = 10
CONNECT_SECONDS = 3
NETWORK_RETRIES = 2
# By which Stripe's clock may be behind ours.
CLOCKS_DIFFER = timedelta(hours=1)
log = logger()


@dataclass(frozen=True)
class StripeRefund:
    """A refund; `status` is pending, requires_action, succeeded, failed or canceled. `refund_id` is ours, if any."""

    id: str
    status: str
    amount: int
    intent_id: str | None = None
    refund_id: str | None = None


@dataclass(frozen=True)
class StripeDispute:
    """A client's bank asks for a payment back; `status` in Stripe's words."""

    id: str
    status: str
    amount: int
    reason: str
    charge_id: str
    intent_id: str | None = None


@dataclass(frozen=True)
class StripeAccount:
    """A practitioner's connected account."""

    id: str
    charges_enabled: bool
    payouts_enabled: bool
    details_submitted: bool
    payable: bool = False
    bank: BankAccount | None = None


@dataclass(frozen=True)
class StripeTransfer:
    """Money moved to a connected account; `reversed_amount` of it came back."""

    id: str
    amount: int
    reversed_amount: int


@dataclass(frozen=True)
class StripeReversal:
    """Money taken back from a connected account."""

    id: str
    amount: int


@dataclass(frozen=True)
class StripePayout:
    """Money on its way from a connected account to a bank; status pending, in_transit, paid, failed or canceled."""

    id: str
    status: str
    amount: int
    failure_code: str | None
    failure_message: str | None


class StripeGateway:
    """The calls that payments makes. One HTTP client per event loop, made when it is first needed."""

    def __init__(self, secret_key: str, *, api_base: str = "https://api.stripe.com", return_url: str = "") -> None:
        self._secret_key = secret_key
        self._api_base = api_base.rstrip("/")
        self._return_url = return_url
        self._http: stripe.AIOHTTPClient | None = None
        self._made: stripe.StripeClient | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def _v1(self) -> Any:
        # aiohttp's session belongs to the loop it was made in.
        loop = asyncio.get_running_loop()
        if self._made is None or self._loop is not loop:
            timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS, connect=CONNECT_SECONDS)
            self._http = stripe.AIOHTTPClient(timeout=timeout)
            self._made = stripe.StripeClient(
                self._secret_key,
                base_addresses={"api": self._api_base},
                max_network_retries=NETWORK_RETRIES,
                http_client=self._http,
            )
            self._loop = loop
        return self._made.v1

    async def close(self) -> None:
        """Closes the connections; the next call opens new ones."""
        if self._http is not None and self._loop is asyncio.get_running_loop():
            await self._http.close_async()  # type: ignore[no-untyped-call]
        self._http = self._made = self._loop = None

    # ---- payments by card

    async def create_intent(self, order_id: UUID, amount: Money, description: str) -> Intent:
        """The order's one PaymentIntent: the same order again gets the same intent."""
        params = {
            "amount": amount.amount,
            "currency": amount.currency.lower(),
            "description": description,
            "automatic_payment_methods": {"enabled": True},
            "metadata": {"order_id": str(order_id)},
            "transfer_group": f"order_{order_id}",
        }
        return intent_of(await _answer(self._v1.payment_intents.create_async(params, _key("order", order_id))))

    async def confirm(self, intent_id: str, payment_method: str, key: UUID) -> Intent:
        """Tries to pay. A declined card is an answer (`failure`), and so is an intent that is already further on."""
        params = {"payment_method": payment_method, "return_url": self._return_url}
        try:
            return intent_of(
                await _answer(self._v1.payment_intents.confirm_async(intent_id, params, _key("attempt", key)))
            )
        except CardDeclined as declined:
            return intent_of(declined.intent) if declined.intent else await self.retrieve_intent(intent_id)
        except StripeRefused as refused:
            if refused.reason == UNEXPECTED_STATE:
                return await self.retrieve_intent(intent_id)
            if refused.param.startswith("payment_method"):
                raise BadPaymentMethod(refused.detail, field="payment_method") from refused
            raise

    async def cancel_intent(self, intent_id: str, order_id: UUID, number: int) -> Intent:
        """Cancels, or answers in which state the intent is that cannot be cancelled. `number` counts the tries."""
        try:
            call = self._v1.payment_intents.cancel_async(intent_id, {}, _key("cancel", order_id, number))
            return intent_of(await _answer(call))
        except StripeRefused as refused:
            if refused.reason != UNEXPECTED_STATE:
                raise
            return await self.retrieve_intent(intent_id)

    async def retrieve_intent(self, intent_id: str) -> Intent:
        """The intent as it is now."""
        return intent_of(await _answer(self._v1.payment_intents.retrieve_async(intent_id)))

    async def refund(self, intent_id: str, amount: int, refund_id: UUID, number: int = 1) -> StripeRefund:
        """Returns `amount` minor units to the card. `number` is the attempt: the same again is the same refund."""
        params = {"payment_intent": intent_id, "amount": amount, "metadata": {"refund_id": str(refund_id)}}
        return _refund(await _answer(self._v1.refunds.create_async(params, _key("refund", refund_id, number))))

    async def find_refund(self, intent_id: str, refund_id: UUID) -> StripeRefund | None:
        """The refund of that intent which carries our `refund_id` and did not fail, if Stripe has one."""
        listed = await _every(self._v1.refunds.list_async, {"payment_intent": intent_id})
        ours = _carrying(listed, "refund_id", refund_id)
        return next((_refund(raw) for raw in ours if raw.get("status") not in ("failed", "canceled")), None)

    async def list_refunds(self, intent_id: str) -> list[StripeRefund]:
        """Every refund of that intent, whoever made it."""
        listed = await _answer(self._v1.refunds.list_async({"payment_intent": intent_id, "limit": 100}))
        return [_refund(raw) for raw in listed["data"]]

    async def retrieve_refund(self, stripe_refund_id: str) -> StripeRefund:
        """The refund as it is now."""
        return _refund(await _answer(self._v1.refunds.retrieve_async(stripe_refund_id)))

    async def retrieve_dispute(self, dispute_id: str) -> StripeDispute:
        """The dispute as it is now."""
        raw = await _answer(self._v1.disputes.retrieve_async(dispute_id))
        intent_id = raw.get("payment_intent")
        return StripeDispute(raw["id"], raw["status"], raw["amount"], raw["reason"], raw["charge"], intent_id)

    # ---- practitioners' accounts

    async def create_account(self, practitioner_id: UUID, *, email: str | None = None) -> StripeAccount:
        """The practitioner's connected account, paid out only when we say so; the same again for the same id."""
        params: dict[str, Any] = {
            "type": "express",
            "capabilities": {"card_payments": {"requested": True}, "transfers": {"requested": True}},
            "settings": {"payouts": {"schedule": {"interval": "manual"}}},
            "metadata": {"practitioner_id": str(practitioner_id)},
        }
        params |= {"email": email} if email else {}
        return _account(await _answer(self._v1.accounts.create_async(params, _key("account", practitioner_id))))

    async def retrieve_account(self, account_id: str) -> StripeAccount:
        """The account as it is now."""
        return _account(await _answer(self._v1.accounts.retrieve_async(account_id)))

    async def account_link(self, account_id: str) -> str:
        """A fresh URL where the practitioner completes onboarding; each is good once, so it needs no key of ours."""
        params = {
            "account": account_id,
            "type": "account_onboarding",
            "refresh_url": self._return_url,
            "return_url": self._return_url,
        }
        return str((await _answer(self._v1.account_links.create_async(params)))["url"])

    # ---- paying practitioners out

    async def transfer(self, amount: Money, account_id: str, payout_id: UUID, number: int = 1) -> StripeTransfer:
        """Moves money to the account. `number` is the attempt: a new number is a new transfer."""
        params = {
            "amount": amount.amount,
            "currency": amount.currency.lower(),
            "destination": account_id,
            "transfer_group": f"payout_{payout_id}",
            "metadata": {"payout_id": str(payout_id), "attempt": str(number)},
        }
        return _transfer(await _answer(self._v1.transfers.create_async(params, _key("transfer", payout_id, number))))

    async def find_transfer(self, payout_id: UUID) -> StripeTransfer | None:
        """The transfer that carries our `payout_id`, if Stripe has one."""
        listed = await _every(self._v1.transfers.list_async, {"transfer_group": f"payout_{payout_id}"})
        return next((_transfer(raw) for raw in _carrying(listed, "payout_id", payout_id)), None)

    async def reverse_transfer(self, transfer_id: str, amount: int, payout_id: UUID, number: int = 1) -> StripeReversal:
        """Takes money back from the account. `number` is the attempt."""
        params = {"amount": amount, "metadata": {"payout_id": str(payout_id)}}
        options = _key("reversal", payout_id, number)
        made = await _answer(self._v1.transfers.reversals.create_async(transfer_id, params, options))
        return StripeReversal(id=made["id"], amount=made["amount"])

    async def find_reversal(self, transfer_id: str, payout_id: UUID) -> StripeReversal | None:
        """The reversal of that transfer which carries our `payout_id`, if Stripe has one."""
        listed = await _every(partial(self._v1.transfers.reversals.list_async, transfer_id), {})
        ours = _carrying(listed, "payout_id", payout_id)
        return next((StripeReversal(id=raw["id"], amount=raw["amount"]) for raw in ours), None)

    async def payout(self, amount: Money, account_id: str, payout_id: UUID, number: int = 1) -> StripePayout:
        """Sends money from the account to its bank. `number` is the attempt."""
        params = {
            "amount": amount.amount,
            "currency": amount.currency.lower(),
            "metadata": {"payout_id": str(payout_id), "attempt": str(number)},
        }
        options = _key("payout", payout_id, number) | {"stripe_account": account_id}
        return _payout(await _answer(self._v1.payouts.create_async(params, options)))

    async def find_payout(self, account_id: str, payout_id: UUID, since: datetime) -> StripePayout | None:
        """The account's bank payout made after `since` (machine time) that carries our `payout_id`, if there is one."""
        params = {"created": {"gte": int((since - CLOCKS_DIFFER).timestamp())}}
        listed = await _every(self._v1.payouts.list_async, params, {"stripe_account": account_id})
        return next((_payout(raw) for raw in _carrying(listed, "payout_id", payout_id)), None)

    async def retrieve_payout(self, stripe_payout_id: str, account_id: str) -> StripePayout:
        """The bank payout as it is now."""
        options = {"stripe_account": account_id}
        return _payout(await _answer(self._v1.payouts.retrieve_async(stripe_payout_id, {}, options)))


class CardDeclined(Exception):
    """The card was refused; carries the intent as Stripe showed it in the error, where it did."""

    def __init__(self, intent: Mapping[str, Any] | None) -> None:
        super().__init__("declined")
        self.intent = intent


def key_of(kind: str, row_id: UUID, number: int | None = None) -> str:
    """The idempotency key of that row's attempt."""
    return f"{kind}:{row_id}" if number is None else f"{kind}:{row_id}:{number}"


def _key(kind: str, row_id: UUID, number: int | None = None) -> dict[str, Any]:
    return {"idempotency_key": key_of(kind, row_id, number)}


async def _every(
    page_of: Callable[..., Coroutine[Any, Any, stripe.StripeObject]],
    params: Mapping[str, Any],
    options: Mapping[str, Any] | None = None,
) -> Sequence[dict[str, Any]]:
    """All objects of a list, page by page."""
    found: list[dict[str, Any]] = []
    more, asked = True, {**params, "limit": 100}
    while more:
        page = await _answer(page_of(asked, dict(options or {})))
        found += page["data"]
        more = bool(page["has_more"] and page["data"])
        asked = asked | {"starting_after": found[-1]["id"]} if more else asked
    return found


def _carrying(listed: Sequence[dict[str, Any]], name: str, value: UUID) -> Iterator[dict[str, Any]]:
    return (raw for raw in listed if (raw.get("metadata") or {}).get(name) == str(value))


async def _answer(call: Coroutine[Any, Any, stripe.StripeObject]) -> dict[str, Any]:
    """Stripe's object as a dict; raises CardDeclined, StripeRefused or StripeUnavailable. Never in a transaction."""
    if inside_transaction():
        call.close()
        raise RuntimeError("Stripe was called inside a transaction")
    try:
        with telemetry.calling("stripe", getattr(call, "__qualname__", "call")):
            return (await call).to_dict()
    except stripe.CardError as error:
        raise CardDeclined(_error_of(error).get("payment_intent")) from error
    except stripe.IdempotencyError as error:
        if error.code == KEY_IN_USE:
            raise StripeUnavailable from error
        raise KeySpent(repr(error), ended=True) from error
    except stripe.InvalidRequestError as error:
        told = _error_of(error)
        reason, param = told.get("code") or "", told.get("param") or ""
        if reason == KEY_IN_USE:
            raise StripeUnavailable from error
        raise StripeRefused(told.get("message"), reason=reason, param=param) from error
    except stripe.StripeError as error:
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


def _error_of(error: stripe.StripeError) -> dict[str, Any]:
    body = error.json_body
    told = body.get("error") if isinstance(body, dict) else None
    return told if isinstance(told, dict) else {}


def _refund(raw: Mapping[str, Any]) -> StripeRefund:
    status, ours = raw.get("status") or "pending", (raw.get("metadata") or {}).get("refund_id")
    return StripeRefund(raw["id"], status, raw["amount"], raw.get("payment_intent"), ours)


def _account(raw: Mapping[str, Any]) -> StripeAccount:
    return StripeAccount(
        id=raw["id"],
        charges_enabled=bool(raw.get("charges_enabled")),
        payouts_enabled=bool(raw.get("payouts_enabled")),
        details_submitted=bool(raw.get("details_submitted")),
        payable=is_payable(raw),
        bank=bank_of(raw),
    )


def _transfer(raw: Mapping[str, Any]) -> StripeTransfer:
    return StripeTransfer(id=raw["id"], amount=raw["amount"], reversed_amount=raw.get("amount_reversed") or 0)


def _payout(raw: Mapping[str, Any]) -> StripePayout:
    return StripePayout(
        id=raw["id"],
        status=raw["status"],
        amount=raw["amount"],
        failure_code=raw.get("failure_code"),
        failure_message=raw.get("failure_message"),
    )
