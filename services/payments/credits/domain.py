"""The rules of credits: how much of a price they pay, and which grants are spent first (rule 14)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID


class GrantSource(StrEnum):
    """Where credits came from."""

    PURCHASE = "purchase"
    PROMOTION = "promotion"
    MEMBERSHIP = "membership"
    TRANSFER = "transfer"


class UseState(StrEnum):
    """An order holds credits, then captures or releases them."""

    HELD = "held"
    CAPTURED = "captured"
    RELEASED = "released"


class EntryKind(StrEnum):
    """Lines of a client's history; the amount's sign says which way. Their sum is balance plus held.

    `reversed`: bought or granted credits whose payment went back to a card, or that repaid debt for such ones.
    """

    PURCHASED = "purchased"
    GRANTED = "granted"
    SPENT = "spent"
    REFUNDED = "refunded"
    REVERSED = "reversed"
    EXPIRED = "expired"
    TRANSFERRED_OUT = "transferred_out"
    TRANSFERRED_IN = "transferred_in"


# What was given for nothing goes first, so that bought credits last longest.
PRIORITY = {GrantSource.PROMOTION: 10, GrantSource.MEMBERSHIP: 10, GrantSource.TRANSFER: 50, GrantSource.PURCHASE: 100}

Wish = Literal["max"] | int | None
"""How much a client wants to pay with credits; an int is minor units."""


class NotEnoughCredits(Exception):
    """More was asked for than the balance or the price allows."""


class CardPartTooSmall(Exception):
    """Whatever is done, a part remains for the card that no card can be charged."""


@dataclass(frozen=True)
class Spendable:
    """A grant as far as spending cares; minor units."""

    id: UUID
    remaining: int
    priority: int
    expires_at: datetime | None
    created_at: datetime


def credits_to_use(total: int, balance: int, wish: Wish, minimum: int) -> int:
    """How many minor units of `total` credits pay; the rest is the card's part: zero, or at least `minimum`.

    A smaller rest is made up to the minimum by using fewer credits. Where the price itself is below the minimum that
    cannot help: then credits pay all of it, or CardPartTooSmall is raised.
    """
    if isinstance(wish, int) and wish > min(balance, total):
        raise NotEnoughCredits
    use = min(balance, total) if wish == "max" else wish or 0
    card = total - use
    if card == 0 or card >= minimum:
        return use
    if total < minimum:
        raise CardPartTooSmall
    return total - minimum


def spending_order(grants: Sequence[Spendable]) -> list[Spendable]:
    """By priority, then what expires first (never comes last), then the oldest (rule 14)."""

    def rank(grant: Spendable) -> tuple[int, bool, float, datetime, UUID]:
        expiry = grant.expires_at.timestamp() if grant.expires_at else 0.0
        return grant.priority, grant.expires_at is None, expiry, grant.created_at, grant.id

    return sorted(grants, key=rank)


def take(grants: Sequence[Spendable], amount: int) -> list[tuple[UUID, int]]:
    """How much to take from which grant, in spending order; raises NotEnoughCredits."""
    taken: list[tuple[UUID, int]] = []
    for grant in spending_order(grants):
        part = min(grant.remaining, amount)
        if part > 0:
            taken.append((grant.id, part))
            amount -= part
    if amount > 0:
        raise NotEnoughCredits
    return taken


def distribute_refund(uses: Sequence[tuple[UUID, int]], amount: int) -> list[tuple[UUID, int]]:
    """How much of a refund goes back to which use, given (use, what it can still take) in the order of spending.

    The last spent comes back first, so that several partial refunds end exactly where one full refund does (rule 18).
    Raises NotEnoughCredits where the uses cannot take that much.
    """
    back: list[tuple[UUID, int]] = []
    for use, room in reversed(uses):
        part = min(room, amount)
        if part > 0:
            back.append((use, part))
            amount -= part
    if amount > 0:
        raise NotEnoughCredits
    return back
