"""Payouts of a suspended account wait until it is restored."""

from devtools.testing.delivery import deliver, deliver_twice, envelope_of
from services.payments.tests.scenes import Market
from shared.events.identity import UserRestored, UserSuspended


async def suspend(market: Market) -> None:
    await deliver_twice(market.app, UserSuspended(user_id=market.user_id, practitioner_id=market.practitioner_id))


async def restore(market: Market) -> None:
    market.moment_later()
    await deliver_twice(market.app, UserRestored(user_id=market.user_id, practitioner_id=market.practitioner_id))


async def test_none_can_be_asked_for(market: Market) -> None:
    await market.account()
    await market.earned()
    await suspend(market)
    answer = await market.ask()
    assert (answer.status_code, answer.json()["code"]) == (409, "payouts_on_hold")
    await restore(market)
    assert (await market.ask()).status_code == 201


async def test_none_is_approved_and_it_can_be_after_the_restoration(market: Market) -> None:
    await market.account()
    await market.earned()
    payout_id = await market.payout()
    await suspend(market)
    answer = await market.approve(payout_id)
    assert (answer.status_code, answer.json()["code"]) == (409, "payouts_on_hold")
    await restore(market)
    assert (await market.approve(payout_id)).status_code == 200


async def test_one_that_is_under_way_goes_on(market: Market) -> None:
    await market.account()
    await market.earned()
    payout_id = await market.payout()
    assert (await market.approve(payout_id)).status_code == 200
    await suspend(market)
    await market.until(payout_id, "paid")


async def test_what_happened_earlier_does_not_undo_what_happened_later(market: Market) -> None:
    await market.account()
    await market.earned()
    event = UserSuspended(user_id=market.user_id, practitioner_id=market.practitioner_id)
    at = market.clock.now()
    await restore(market)
    await deliver(market.app, envelope_of(event, at))
    assert (await market.ask()).status_code == 201
