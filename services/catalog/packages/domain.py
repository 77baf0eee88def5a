"""Prices of what is sold together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shared.records.currencies import step


class PackageKind(StrEnum):
    """A package is priced by its discount, a bundle by its total; only a bundle holds courses and packages."""

    PACKAGE = "package"
    BUNDLE = "bundle"


MOST_ITEMS, MOST_QUANTITY, MOST_SERVICES = 20, 100, 50
MOST_SESSIONS = 300
"""As many lines as an order has at most."""
MOST_DISCOUNT = 90
USUAL_VALID_DAYS, LONGEST_VALID_DAYS = 365, 3 * 365
USUAL_REFUND_DAYS, LONGEST_REFUND_DAYS = 14, 365


@dataclass(frozen=True)
class Part:
    """So many sessions of interchangeable services, each at `single_amount`; or one course, which has many."""

    service_ids: Sequence[UUID]
    quantity: int
    single_amount: int
    is_course: bool
    is_on_sale: bool


def sum_of(parts: Iterable[Part]) -> int:
    """What the parts cost one by one."""
    return sum(part.quantity * part.single_amount for part in parts)


def less_discount(amount: int, percentage: int, currency: str) -> int:
    """The amount less the discount, half up to what the currency can be charged in."""
    unit = 100 * step(currency)
    return (2 * amount * (100 - percentage) + unit) // (2 * unit) * step(currency)
