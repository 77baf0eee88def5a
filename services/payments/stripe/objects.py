"""What Stripe answers about money and accounts, as typed values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.payments.stripe.bank_accounts import BankAccount, bank_of, is_payable


@dataclass(frozen=True)
class StripeRefund:
    """A refund; `status` is pending, requires_action, succeeded, failed or canceled. `refund_id` is ours, if any.

    One that moves no money is what Stripe shows of an authorisation that was not captured.
    """

    id: str
    status: str
    amount: int
    intent_id: str | None = None
    refund_id: str | None = None
    moves_money: bool = True


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
    """Money moved to a connected account; `reversed_amount` of it came back, `reversal_id` is the latest part."""

    id: str
    amount: int
    reversed_amount: int
    reversal_id: str | None = None


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


def refund_of(raw: Mapping[str, Any]) -> StripeRefund:
    """A refund, from Stripe's object."""
    status, ours = raw.get("status") or "pending", (raw.get("metadata") or {}).get("refund_id")
    moves_money = status != "succeeded" or raw.get("balance_transaction") is not None
    return StripeRefund(raw["id"], status, raw["amount"], raw.get("payment_intent"), ours, moves_money)


def account_of(raw: Mapping[str, Any]) -> StripeAccount:
    """An account, from Stripe's object."""
    return StripeAccount(
        id=raw["id"],
        charges_enabled=bool(raw.get("charges_enabled")),
        payouts_enabled=bool(raw.get("payouts_enabled")),
        details_submitted=bool(raw.get("details_submitted")),
        payable=is_payable(raw),
        bank=bank_of(raw),
    )


def transfer_of(raw: Mapping[str, Any]) -> StripeTransfer:
    """A transfer, from Stripe's object."""
    reversals = (raw.get("reversals") or {}).get("data") or [{}]
    return StripeTransfer(raw["id"], raw["amount"], raw.get("amount_reversed") or 0, reversals[0].get("id"))


def payout_of(raw: Mapping[str, Any]) -> StripePayout:
    """A bank payout, from Stripe's object."""
    return StripePayout(
        id=raw["id"],
        status=raw["status"],
        amount=raw["amount"],
        failure_code=raw.get("failure_code"),
        failure_message=raw.get("failure_message"),
    )


@dataclass(frozen=True)
class StripeListed:
    """A transfer or refund in a list of Stripe's; see `reconciliation.models.StripeRecord`."""

    id: str
    currency: str
    amount: int
    returned: int
    status: str | None
    refers_to: str | None
    our_id: str | None
    created_at: datetime


@dataclass(frozen=True)
class StripePage:
    """One page of a list, newest first."""

    listed: Sequence[StripeListed]
    more: bool


def listed_of(raw: Mapping[str, Any]) -> StripeListed:
    """A transfer or a refund as it stands in a list, from Stripe's object."""
    metadata = raw.get("metadata") or {}
    return StripeListed(
        id=raw["id"],
        currency=raw["currency"].upper(),
        amount=raw["amount"],
        returned=raw.get("amount_reversed") or 0,
        status=raw.get("status"),
        refers_to=raw.get("payment_intent") or raw.get("destination"),
        our_id=metadata.get("payout_id") or metadata.get("refund_id"),
        created_at=datetime.fromtimestamp(raw["created"], UTC),
    )


def dispute_of(raw: Mapping[str, Any]) -> StripeDispute:
    """Reads Stripe's Dispute."""
    intent_id = raw.get("payment_intent")
    return StripeDispute(raw["id"], raw["status"], raw["amount"], raw["reason"], raw["charge"], intent_id)


def reversal_of(raw: Mapping[str, Any]) -> StripeReversal:
    """Reads Stripe's TransferReversal."""
    return StripeReversal(id=raw["id"], amount=raw["amount"])
