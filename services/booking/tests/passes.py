"""What tests do with passes."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from devtools.testing.delivery import deliver_twice
from services.booking.tests.world import TEN, World
from shared.events.payments import PaymentSucceeded
from shared.internal.catalog import PackagePart, PackageSnapshot
from shared.records.ids import derived_id, new_id
from shared.records.money import Money

DAY = timedelta(days=1)


def usd_of(amount: int) -> Money:
    return Money(amount, "USD")


def package_of(world: World, quantity: int = 3, **given: Any) -> UUID:
    """On sale: sessions of the world's service, together for 100 dollars."""
    part = PackagePart(service_ids=[world.service_id], quantity=quantity, single_price=usd_of(10_001), is_course=False)
    plain: dict[str, Any] = {
        "package_id": new_id(),
        "kind": "package",
        "practitioner_id": world.practitioner_id,
        "practitioner_user_id": world.practitioner_user_id,
        "practitioner_timezone": "UTC",
        "version": 1,
        "title": "Three times",
        "price": usd_of(10_000),
        "valid_for_days": 30,
        "refund_days": 14,
        "is_on_sale": True,
        "parts": [part],
    }
    package = PackageSnapshot(**{**plain, **given})
    world.catalog.packages[package.package_id] = package
    return package.package_id


async def try_buy(world: World, package_id: UUID, headers: dict[str, str] | None = None, **more: Any) -> Any:
    return await world.post("/passes/", {"package_id": str(package_id), **more}, headers)


def paid(world: World, sold: dict[str, Any]) -> PaymentSucceeded:
    order_id, pass_id = derived_id(UUID(sold["id"]), "order"), UUID(sold["id"])
    world.payments.card_succeeds(str(order_id), world.clock.now())
    order = world.payments.orders[str(order_id)]
    return PaymentSucceeded(
        order_id=order_id,
        booking_id=None,
        client_id=UUID(sold["client_id"]),
        amount=usd_of(order.total - order.credits),
        credits=usd_of(order.credits),
        paid_at=world.clock.now(),
        kind="pass",
        subject_id=pass_id,
    )


async def active(world: World, quantity: int = 3, **given: Any) -> dict[str, Any]:
    """A pass that was paid, of a practitioner whose hours are open."""
    await world.open_shop()
    answer = await try_buy(world, package_of(world, quantity, **given))
    assert answer.status_code == 201, answer.text
    await deliver_twice(world.app, paid(world, answer.json()))
    return await shown(world, answer.json())


async def shown(world: World, sold: dict[str, Any], headers: dict[str, str] | None = None) -> dict[str, Any]:
    return dict((await world.get(f"/passes/{sold['id']}/", headers)).json())


async def statuses(world: World, sold: dict[str, Any]) -> list[str]:
    return [each["status"] for each in (await shown(world, sold))["sessions"]]


async def use(world: World, sold: dict[str, Any], start: datetime = TEN, **more: Any) -> Any:
    return await world.try_book(start, pass_id=sold["id"], **more)
