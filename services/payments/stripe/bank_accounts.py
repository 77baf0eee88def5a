"""What Stripe's account object says of paying it out: whether it may be, and to which bank account."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

UNUSABLE = ("errored", "verification_failed")


@dataclass(frozen=True)
class BankAccount:
    """The default external account. `identity` changes with its id, its fingerprint or its status."""

    identity: str
    usable: bool


def is_payable(raw: Mapping[str, Any]) -> bool:
    """Whether a transfer reaches the account and a bank payout leaves it: nothing disabled, nothing past due."""
    requirements = raw.get("requirements") or {}
    transfers = (raw.get("capabilities") or {}).get("transfers")
    stopped = requirements.get("disabled_reason") or requirements.get("past_due")
    return bool(raw.get("payouts_enabled")) and transfers == "active" and not stopped


def bank_of(raw: Mapping[str, Any]) -> BankAccount | None:
    """The account's default bank account, if it has one."""
    known = (raw.get("external_accounts") or {}).get("data") or []
    chosen = next((each for each in known if each.get("default_for_currency")), known[0] if known else None)
    if chosen is None:
        return None
    status = chosen.get("status") or ""
    return BankAccount(f"{chosen['id']}/{chosen.get('fingerprint') or ''}/{status}", status not in UNUSABLE)
