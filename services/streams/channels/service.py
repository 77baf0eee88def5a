"""Use cases of streams and their tiers."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from services.streams.channels.domain import FREE, FREE_NAME, repeated
from services.streams.channels.repository import Streams, TierRows
from services.streams.channels.schemas import NewStream, NewTier, Own, StreamChange, StreamView
from services.streams.errors import BelowMinimumCharge, NotAvailable, TierInUse
from services.streams.models import Stream
from shared.auth.verification import Who
from shared.database.session import Session
from shared.errors import Invalid
from shared.records.currencies import minimum_charge
from shared.records.ids import new_id
from shared.records.money import Money, check_amount


async def create(session: Session, who: Who, given: NewStream) -> Stream:
    """Opens a stream; raises Invalid on tiers that cannot be."""
    tiers = _checked(session, given.tiers)
    now = session.now()
    stream = Stream(
        id=new_id(),
        practitioner_id=cast(UUID, who.practitioner_id),
        owner_id=who.user_id,
        title=given.title,
        description=given.description,
        created_at=now,
        updated_at=now,
    )
    session.add(stream)
    await session.flush()
    await TierRows(session).put(stream.id, tiers)
    return stream


async def change(session: Session, who: Who, stream_id: UUID, given: StreamChange) -> Stream:
    """Changes what is given of one's own stream; raises TierInUse where a tier that is left out is needed."""
    stream = await Streams(session).get_own(stream_id, who)
    for name, value in given.model_dump(exclude_none=True, include={"title", "description"}).items():
        setattr(stream, name, value)
    stream.updated_at = session.now()
    if given.tiers is not None:
        tiers = _checked(session, given.tiers)
        if not await TierRows(session).remove_except(stream.id, [tier["level"] for tier in tiers]):
            raise TierInUse
        await TierRows(session).put(stream.id, tiers)
    await session.flush()
    return stream


async def remove(session: Session, who: Who, stream_id: UUID) -> None:
    """Deletes one's own stream with its posts, their comments, and its followers."""
    await session.delete(await Streams(session).get_own(stream_id, who, delete=True))


async def tip(session: Session, stream_id: UUID, amount: Money) -> None:
    """Raises NotAvailable for every stream that exists: tips cannot be bought yet."""
    await Streams(session).get(stream_id)
    check_amount(amount, session.info["settings"].currency, "amount")
    raise NotAvailable


async def shown(session: Session, who: Who | None, streams: Sequence[Stream]) -> list[StreamView]:
    """The streams as the caller sees them; three queries, however many they are."""
    ids = [stream.id for stream in streams]
    tiers, counts = await TierRows(session).of(ids), await Streams(session).counts(ids)
    own = await Streams(session).own_of(who, ids)
    return [StreamView.of(row, tiers[row.id], counts[row.id], own.get(row.id, Own())) for row in streams]


def _checked(session: Session, given: Sequence[NewTier]) -> list[dict[str, Any]]:
    """The rows of these tiers, with level 0 among them; raises Invalid."""
    currency = session.info["settings"].currency
    again = repeated([tier.level for tier in given])
    if again is not None:
        raise Invalid("Each level can be there once.", code="repeated_level", field=f"tiers.{again}.level")
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
