"""One rule engine for the platform's share: the most specific rule wins. Rates are exact decimals, never floats."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple


class VolumeStep(NamedTuple):
    """From this monthly gross on (minor units, exclusive but for the first step), this rate."""

    above: int
    rate: Decimal


def resolve(
    *, override: Decimal | None, volume_rate: Decimal | None, plan_rate: Decimal | None, multi_vendor: bool = False
) -> Decimal:
    """The rate to freeze on an order line: the practitioner's own, else by volume, else of the event or the plan."""
    if override is not None:
        return override
    if volume_rate is not None:
        return volume_rate
    if multi_vendor:
        return MULTI_VENDOR_RATE
    return FREE_RATE if plan_rate is None else plan_rate


def volume_rate(monthly_gross: int, steps: Sequence[VolumeStep]) -> Decimal | None:
    """The rate of the highest step that this gross is above; None without steps."""
    reached = [step.rate for step in steps if monthly_gross > step.above or step.above == 0]
    return reached[-1] if reached else None


def commission_of(gross: int, rate: Decimal, unit: int = 1) -> int:
    """The platform's share of a gross amount, a multiple of `unit` in minor units, half a unit upwards."""
    return unit * int((gross * rate / unit).quantize(Decimal(1), rounding=ROUND_HALF_UP))


MULTI_VENDOR_RATE = Decimal("0.1000")
FREE_RATE = Decimal("0.2000")
"""Of a practitioner who has no plan."""


def volume_steps(middle: int, top: int) -> Sequence[VolumeStep]:
    """The platform's three rates by monthly gross, the second and third above those amounts in minor units."""
    return (
        VolumeStep(0, Decimal("0.0500")),
        VolumeStep(middle, Decimal("0.0400")),
        VolumeStep(top, Decimal("0.0300")),
    )
