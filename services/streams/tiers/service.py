"""Use cases of tiers: those of a stream are replaced as a whole, and payments sells the paid ones as plans."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.streams.tiers.domain import FREE, FREE_NAME, Offerer, repeated
from services.streams.tiers.errors import BelowMinimumCharge, TierInUse, UnknownTier
from services.streams.tiers.models import PlanUpdate, Tier
from services.streams.tiers.repository import PlanUpdates, Tiers
from services.streams.tiers.schemas import NewTier
from shared.database.session import Session
from shared.errors import Invalid
from shared.internal.subscriptions import PUT_TIER_PLAN, TierPlan
from shared.records.currencies import minimum_charge
from shared.records.money import Money, check_amount
from shared.runtime import Runtime


async def replace(session: Session, offerer: Offerer, given: Sequence[NewTier], currency: str) -> None:
    """Stores these tiers, with level 0 among them, and no others; payments learns of it after the commit.

    Raises Invalid, BelowMinimumCharge, and TierInUse where a tier that is left out is needed.
    """
    tiers = _checked(given, currency)
    removed = await Tiers(session).remove_except(offerer.stream_id, [tier["level"] for tier in tiers])
    if removed is None:
        raise TierInUse
    await Tiers(session).put(offerer.stream_id, tiers)
    await PlanUpdates(session).put(offerer, [Tier(**tier) for tier in tiers], is_active=True)
    await PlanUpdates(session).put(offerer, removed, is_active=False)


async def withdraw(session: Session, offerer: Offerer) -> None:
    """Nobody new can subscribe to any of them, and who has is billed no more: the stream goes."""
    tiers = await Tiers(session).by_stream([offerer.stream_id])
    await PlanUpdates(session).put(offerer, tiers[offerer.stream_id], is_active=False, is_gone=True)


async def send(runtime: Runtime, update: PlanUpdate) -> bool:
    """Payments has the plan from here on; again changes nothing there. Raises Unavailable."""
    await runtime.peers.ask(PUT_TIER_PLAN, _plan_of(update), plan_id=update.plan_id)
    async with runtime.db.autocommit() as session:
        await PlanUpdates(session).done(update)
    return True


def _plan_of(update: PlanUpdate) -> TierPlan:
    return TierPlan(
        stream_id=update.stream_id,
        practitioner_id=update.practitioner_id,
        level=update.level,
        name=update.name,
        price=update.price,
        is_active=update.is_active,
        is_gone=update.is_gone,
        version=update.version,
    )


async def existing(session: Session, stream_id: UUID, level: int) -> Tier:
    """That tier, which is not removed until the commit; raises UnknownTier."""
    tier = await Tiers(session).find(stream_id, level)
    if tier is None:
        raise UnknownTier(field="tier_level")
    return tier


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
