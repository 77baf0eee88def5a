"""What a sale earns, and how refunds take it back: integers only, cumulative, summing exactly (rule 18)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from shared.records.money import split


class EarningStatus(StrEnum):
    """Where an earning's money is. A refund after payment leaves `paid` as it is and becomes debt (rule 11)."""

    PENDING = "pending"
    HELD = "held"
    AVAILABLE = "available"
    IN_PAYOUT = "in_payout"
    PAID = "paid"
    REVERSED = "reversed"


TRANSITIONS: dict[EarningStatus, frozenset[EarningStatus]] = {
    EarningStatus.PENDING: frozenset({EarningStatus.AVAILABLE, EarningStatus.HELD, EarningStatus.REVERSED}),
    EarningStatus.HELD: frozenset({EarningStatus.PENDING, EarningStatus.AVAILABLE, EarningStatus.REVERSED}),
    EarningStatus.AVAILABLE: frozenset({EarningStatus.IN_PAYOUT, EarningStatus.HELD, EarningStatus.REVERSED}),
    EarningStatus.IN_PAYOUT: frozenset({EarningStatus.PAID, EarningStatus.AVAILABLE, EarningStatus.HELD}),
    # A bank may send money back after it had said paid.
    EarningStatus.PAID: frozenset({EarningStatus.AVAILABLE, EarningStatus.HELD}),
    EarningStatus.REVERSED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Shares:
    """A gross amount, divided."""

    commission: int
    net: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of an earning, in minor units.

    `commission` and `net` are what stands. `owed` and `owed_commission` are the part of it that was refunded when the
    money had already gone; `repaid` is the part of `net` that repaid debt.
    """

    status: EarningStatus
    commission: int
    net: int
    repaid: int = 0
    owed: int = 0
    owed_commission: int = 0

    @property
    def reversible(self) -> int:
        """The net that no refund has touched."""
        return self.net - self.owed

    @property
    def reversible_commission(self) -> int:
        """The commission that no refund has touched."""
        return self.commission - self.owed_commission

    @property
    def payable(self) -> int:
        """What a payout can take of it."""
        return self.net - self.repaid if self.status is EarningStatus.AVAILABLE else 0

    @property
    def in_hand(self) -> int:
        """What a refund can still take from the practitioner's pending or available money."""
        if self.status in (EarningStatus.PENDING, EarningStatus.HELD):
            return self.reversible
        return min(self.payable, self.reversible)


@dataclass(frozen=True, slots=True)
class Reversal:
    """What a refund takes from one entry: from its money, as debt, and of the commission."""

    withdrawn: int
    owed: int
    commission: int

    @property
    def net(self) -> int:
        """The practitioner's part of it."""
        return self.withdrawn + self.owed


def shares_after(gross: int, commission: int, refunded: int, unit: int = 1) -> Shares:
    """What stands of a sale of `gross` with that commission once `refunded` of it is back (rules 10 and 18).

    Computed from the total each time, so that any series of refunds that ends at `gross` ends at nothing. Where all
    three are multiples of `unit`, so is what stands.
    """
    left = gross - refunded
    kept = split(commission, [left, refunded], unit)[0] if gross else 0
    return Shares(commission=kept, net=left - kept)


def released(amount: int, percents: Sequence[int], unit: int = 1) -> list[int]:
    """The parts of an amount by these percentages, each half a unit upwards while there is something left.

    The last takes the rest. Where the amount is a multiple of `unit`, so are the parts.
    """
    parts, left = list[int](), amount
    for percent in percents[:-1]:
        part = min(unit * ((2 * amount * percent + 100 * unit) // (200 * unit)), left)
        parts.append(part)
        left -= part
    return [*parts, left]


def distribute(entries: Sequence[Entry], net: int, commission: int) -> list[Reversal]:
    """Distributes a reversal over the entries of one sale: money that is still here first, then debt."""
    here = _take([entry.in_hand for entry in entries], net)
    gone = _take(
        [entry.reversible - taken for entry, taken in zip(entries, here, strict=True)],
        net - sum(here),
    )
    nets = [a + b for a, b in zip(here, gone, strict=True)]
    fees = _commissions(entries, nets, commission)
    return [Reversal(*each) for each in zip(here, gone, fees, strict=True)]


def apply(entry: Entry, reversal: Reversal) -> Entry:
    """The entry after that reversal; the commission follows the larger part of the net."""
    if reversal.owed > reversal.withdrawn or entry.status in (EarningStatus.IN_PAYOUT, EarningStatus.PAID):
        return replace(
            entry,
            net=entry.net - reversal.withdrawn,
            owed=entry.owed + reversal.owed,
            owed_commission=entry.owed_commission + reversal.commission,
        )
    return replace(
        entry,
        net=entry.net - reversal.withdrawn,
        owed=entry.owed + reversal.owed,
        commission=entry.commission - reversal.commission,
    )


def settle_owed(entry: Entry, amount: int) -> Entry:
    """The entry once `amount` of what it owes is taken from its own net, which has come back."""
    if amount == 0:
        return entry
    commission = entry.owed_commission * amount // entry.owed
    return replace(
        entry,
        commission=entry.commission - commission,
        net=entry.net - amount,
        owed=entry.owed - amount,
        owed_commission=entry.owed_commission - commission,
    )


def take_oldest(payable: Sequence[int], amount: int) -> list[int]:
    """How much a payout of `amount` takes of each entry, given oldest first: all of them, and part of the last."""
    return _take(payable, amount)


def divide(entry: Entry, taken: int) -> tuple[Entry, Entry]:
    """Splits an entry in the part whose net is `taken` (none of it repaid debt) and the rest; the two sum to it."""
    rest = entry.net - taken
    taken_commission, rest_commission = split(entry.commission, [taken, rest])
    rest_owed = min(entry.owed, rest)
    rest_owed_commission = min(entry.owed_commission, rest_commission)
    return (
        replace(
            entry,
            commission=taken_commission,
            net=taken,
            repaid=0,
            owed=entry.owed - rest_owed,
            owed_commission=entry.owed_commission - rest_owed_commission,
        ),
        replace(entry, commission=rest_commission, net=rest, owed=rest_owed, owed_commission=rest_owed_commission),
    )


def _take(limits: Sequence[int], amount: int) -> list[int]:
    """Fills the limits in their order until the amount is used up."""
    taken = []
    for limit in limits:
        taken.append(min(limit, amount))
        amount -= taken[-1]
    return taken


def _commissions(entries: Sequence[Entry], nets: Sequence[int], commission: int) -> list[int]:
    """Each entry's part of the reversed commission: in proportion to its net, and whole where the net is all gone."""
    wanted = [
        entry.reversible_commission * net // entry.reversible if net else 0
        for entry, net in zip(entries, nets, strict=True)
    ]
    given = _take(wanted, commission)
    room = [entry.reversible_commission - part for entry, part in zip(entries, given, strict=True)]
    return [a + b for a, b in zip(given, _take(room, commission - sum(given)), strict=True)]
