"""The use case of tiers: those of a stream are replaced as a whole."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.streams.tiers.domain import FREE, FREE_NAME, repeated
from services.streams.tiers.errors import BelowMinimumCharge, TierInUse, UnknownTier
from services.streams.tiers.repository import Tiers
from services.streams.tiers.schemas import NewTier
from shared.database.session import Session
from shared.errors import Invalid
from shared.records.currencies import minimum_charge
from shared.records.money import Money, check_amount


async def replace(session: Session, stream_id: UUID, given: Sequence[NewTier], currency: str) -> None:
    """Stores these tiers, with level 0 among them, and no others.

    Raises Invalid, BelowMinimumCharge, and TierInUse where a tier that is left out is needed.
    """
    tiers = _checked(given, currency)
    if not await Tiers(session).remove_except(stream_id, [tier["level"] for tier in tiers]):
        raise TierInUse
    await Tiers(session).put(stream_id, tiers)


async def check_exists(session: Session, stream_id: UUID, level: int) -> None:
    """Keeps that tier from being removed until the commit; raises UnknownTier."""
    if await Tiers(session).find(stream_id, level) is None:
        raise UnknownTier(field="tier_level")


def _checked(given: Sequence[NewTier], currency: str) -> list[dict[str, Any]]:
    index = repeated([tier.level for tier in given])
    if index is not None:
        raise Invalid("Each level can be there once.", code="repeated_level", field=f"tiers.{index}.level")
    for index, tier in enumerate(given):
        _check_price(tier, currency, f"tiers.{index}.price")
    rows = [_row(tier.name, tier.level, tier.price) for tier in given]
    if all(tier.level != FREE for tier in given):
        rows.append(_row(FREE_NAME, FREE, Money.zero(currency)))
    return rows


def _check_price(tier: NewTier, currency: str, field: str) -> None:
    price = check_amount(tier.price, currency, field)
    if tier.level == FREE and price:
        raise Invalid("Level 0 is free.", code="level_is_free", field=field)
    if 0 < price.amount < minimum_charge(currency):
        raise BelowMinimumCharge(field=field)


def _row(name: str, level: int, price: Money) -> dict[str, Any]:
    return {"name": name, "level": level, "price_amount": price.amount, "currency": price.currency}
