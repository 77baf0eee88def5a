"""Posting: the legs of one business event, all or none, once."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson

from services.payments.ledger.domain import Account, Leg, numbered
from services.payments.ledger.metrics import count
from services.payments.ledger.repository import balance_of, post_legs
from shared.database.session import Session
from shared.records.ids import derived_id

__all__ = ["balance_of", "post"]


async def post(session: Session, event_id: UUID, reason: str, legs: Sequence[Leg], ref: Mapping[str, Any]) -> bool:
    """Posts the legs under ids made of `event_id`; True if they are new, False if they had been posted before.

    One statement. Raises BalanceTooLow where a live account would go below zero; the transaction is lost then.
    `ref` names what it is about (`order_id`, `payout_id`...), for people and for the invariants.
    """
    moving = numbered(legs)
    if not moving:
        return False
    values = {
        "event_id": event_id,
        "reason": reason,
        "ref": _json({name: str(value) for name, value in ref.items()}),
        "posted_at": session.now(),
        "accounts": _json([_account(account) for account in _accounts(moving)]),
        "legs": _json([_transfer(event_id, number, leg) for number, leg in moving]),
    }
    fresh = await post_legs(session, values)
    if fresh:
        session.after_commit(lambda: count(leg for _, leg in moving))
    return fresh


def _accounts(moving: Sequence[tuple[int, Leg]]) -> set[Account]:
    return {account for _, leg in moving for account in (leg.debit, leg.credit)}


def _account(account: Account) -> dict[str, Any]:
    return {
        "id": str(account.id),
        "kind": account.kind.value,
        "owner_id": None if account.owner is None else str(account.owner),
        "currency": account.currency,
        "live": account.live,
    }


def _transfer(event_id: UUID, number: int, leg: Leg) -> dict[str, Any]:
    return {
        "id": str(derived_id(event_id, "leg", str(number))),
        "leg": number,
        "debit_id": str(leg.debit.id),
        "credit_id": str(leg.credit.id),
        "currency": leg.debit.currency,
        "amount": leg.amount,
    }


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
