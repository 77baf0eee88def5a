"""Of which lines of an order a refund is taken, and how much of it settles what failed refunds left owed."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.payments.orders.errors import UnknownLine
from services.payments.orders.models import Order, OrderLine, Taken
from services.payments.refunds.domain import Tenders
from services.payments.refunds.errors import MoreThanPaid, NothingToRefund
from shared.internal.payments import LineRefund, RefundRequest
from shared.records.money import check_amount, check_currency, split


@dataclass(frozen=True, slots=True)
class Share:
    """What is taken of the sale, in proportion to `weights` by line; what of it was owed already comes beside that."""

    from_sale: int
    settles: int
    weights: Sequence[int]


def share_of(order: Order, lines: Sequence[OrderLine], wanted: RefundRequest, left: Tenders, owed: int) -> Share:
    """How a refund falls on the lines; `left` is what can still be taken of the sale, `owed` what failed ones left.

    Raises NothingToRefund, MoreThanPaid and UnknownLine.
    """
    if wanted.lines is not None:
        return _of_named(order, lines, wanted, wanted.lines, left, owed)
    asked = _asked(order, wanted, left.total + owed)
    settles = min(asked, owed)
    return Share(asked - settles, settles, [line.left for line in lines])


def _asked(order: Order, wanted: RefundRequest, left: int) -> int:
    if wanted.amount is None:
        asked = left
    else:
        asked = check_currency(wanted.amount, order.currency, "amount").amount
        if asked == 0:
            return 0
    if left == 0:
        raise NothingToRefund
    if asked > left and not wanted.cancels:
        raise MoreThanPaid(field="amount")
    return asked


def _of_named(
    order: Order,
    lines: Sequence[OrderLine],
    wanted: RefundRequest,
    named: Sequence[LineRefund],
    left: Tenders,
    owed: int,
) -> Share:
    """Of each line what it still holds (of one below zero nothing), at most what was paid.

    What is asked for beyond that settles what is owed.
    """
    by_id = {line.id: 0 for line in lines}
    for number, each in enumerate(named):
        if each.line_id not in by_id:
            raise UnknownLine(field=f"lines.{number}.line_id")
        by_id[each.line_id] = check_amount(each.amount, order.currency, f"lines.{number}.amount").amount
    asked, weights = sum(by_id.values()), [min(by_id[line.id], max(line.left, 0)) for line in lines]
    from_sale = min(sum(weights), left.total)
    beyond = asked - from_sale
    if asked and owed == from_sale == 0:
        raise NothingToRefund
    if beyond > owed and not wanted.cancels:
        raise MoreThanPaid(field="lines")
    return Share(from_sale, min(beyond, owed), weights)


def divide(lines: Sequence[OrderLine], amount: int, weights: Sequence[int], unit: int) -> list[Taken]:
    """So much of a sale by line: largest remainder, ties in the lines' order (rule 18)."""
    parts = split(amount, weights, unit) if lines else []
    return [Taken(*each) for each in zip(lines, parts, strict=True)]
