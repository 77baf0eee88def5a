"""Holds that services open and end: of lines, and of a practitioner's payouts."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.payments.holds.domain import HoldCause
from services.payments.tests.holding import end_hold, held, let_go, lines_of, put_hold
from services.payments.tests.sales import confirmed, earnings, ended, line
from services.payments.tests.scenes import Market
from services.payments.tests.test_invariants import broken
from services.payments.tests.test_suspensions import restore, suspend
from shared.events.booking import BookingConfirmed
from shared.records.ids import new_id

LINE = str(new_id())


class TestLines:
    @pytest.mark.parametrize("cause", [each.value for each in HoldCause])
    async def test_are_held_for_each_cause_until_it_ends(self, market: Market, cause: str) -> None:
        sale = await market.earned()
        cause_id = await held(market, cause=cause, line_ids=await lines_of(market, sale))
        assert await market.summary() == {"held": 8000}
        assert await broken(market) == {}
        await let_go(market, cause_id)
        assert await market.summary() == {"available": 8000}
        assert await broken(market) == {}

    async def test_stay_held_while_another_cause_is_open(self, market: Market) -> None:
        line_ids = await lines_of(market, await market.sale())
        first, second = await held(market, line_ids=line_ids), await held(market, cause="warning", line_ids=line_ids)
        await let_go(market, first)
        assert await market.summary() == {"held": 8000}
        await let_go(market, second)
        assert await market.summary() == {"pending": 8000}
        assert await broken(market) == {}

    async def test_all_parts_are_held_together_and_the_rest_is_available(self, market: Market) -> None:
        await market.account()
        sale = await market.earned()
        await market.earned()
        payout_id = await market.payout(12_000)
        cause_id = await held(market, line_ids=await lines_of(market, sale))
        assert await market.summary() == {"held": 8000, "available": 8000}
        shown = await market.show(payout_id)
        assert (shown["status"], shown["reason"]) == ("rejected", "held")
        await let_go(market, cause_id)
        assert await market.summary() == {"available": 16_000}
        assert await broken(market) == {}

    async def test_what_is_earned_later_is_held_too(self, market: Market) -> None:
        sale = await market.paid_order()
        cause_id = await held(market, line_ids=await lines_of(market, sale))
        await market.tell(BookingConfirmed(booking=sale.booking))
        assert await market.summary() == {"held": 8000}
        await market.complete(sale)
        market.clock.advance(timedelta(hours=24))
        await market.work()
        assert await market.summary() == {"held": 8000}
        await let_go(market, cause_id)
        assert await market.summary() == {"available": 8000}
        assert await broken(market) == {}

    async def test_of_several_who_sell_each_waits_for_its_own_time(self, market: Market) -> None:
        anna, ben = line(1000, UUID(int=1), (50, "paid"), (50, "completed")), line(1000, UUID(int=2))
        sale = await confirmed(market, [anna, ben])
        market.clock.advance(timedelta(hours=24))
        await market.work()
        cause_id = await held(market, line_ids=[anna["id"], ben["id"]])
        assert [each[2] for each in await earnings(market, anna)] == ["held", "held"]
        await ended(market, sale, ben)
        market.clock.advance(timedelta(hours=24))
        await let_go(market, cause_id)
        assert [each[2] for each in await earnings(market, anna)] == ["available", "pending"]
        assert [each[2] for each in await earnings(market, ben)] == ["available"]
        assert await broken(market) == {}

    async def test_a_payout_that_was_transferred_goes_on_and_a_refund_is_debt(self, market: Market) -> None:
        await market.account()
        sale = await market.earned()
        payout_id = await market.payout()
        assert (await market.approve(payout_id)).status_code == 200
        await held(market, line_ids=await lines_of(market, sale))
        await market.until(payout_id, "paid")
        assert await market.summary() == {"paid": 8000}
        await market.refunded(sale)
        assert (await market.summary())["debt"] == 8000
        assert await broken(market) == {}


class TestPayouts:
    async def test_are_not_asked_for_or_approved_and_earnings_keep_their_status(self, market: Market) -> None:
        await market.account()
        await market.earned(20_000)
        payout_id = await market.payout(6000)
        cause_id = await held(market, cause="moderation", practitioner_id=str(market.practitioner_id))
        for answer in (await market.ask(6000), await market.approve(payout_id)):
            assert (answer.status_code, answer.json()["code"]) == (409, "payouts_on_hold")
        assert await market.summary() == {"in_payout": 6000, "available": 10_000}
        assert (await market.show(payout_id))["status"] == "eligible"
        await let_go(market, cause_id)
        assert (await market.ask(6000)).status_code == 201
        assert (await market.approve(payout_id)).status_code == 200

    async def test_are_in_no_batch(self, market: Market) -> None:
        await market.account("weekly")
        await market.earned()
        cause_id = await held(market, cause="staff", practitioner_id=str(market.practitioner_id))
        market.clock.advance(timedelta(days=7))
        await market.work()
        assert await market.summary() == {"available": 8000}
        await let_go(market, cause_id)
        await market.work()
        assert await market.summary() == {"in_payout": 8000}

    async def test_wait_for_each_cause(self, market: Market) -> None:
        await market.account()
        await market.earned()
        cause_id = await held(market, cause="staff", practitioner_id=str(market.practitioner_id))
        await suspend(market)
        await let_go(market, cause_id)
        assert (await market.ask()).status_code == 409
        await restore(market)
        assert (await market.ask()).status_code == 201


class TestRequests:
    async def test_a_late_one_does_not_open_what_has_ended(self, market: Market) -> None:
        sale = await market.sale()
        line_ids = await lines_of(market, sale)
        cause_id = await held(market, line_ids=line_ids)
        await let_go(market, cause_id)
        assert (await put_hold(market, cause_id, line_ids=line_ids)).json() == {"is_open": False}
        assert await market.summary() == {"pending": 8000}

    async def test_the_end_of_what_holds_nothing_changes_nothing(self, market: Market) -> None:
        await market.sale()
        assert (await end_hold(market, new_id())).json() == {"is_open": False}
        assert await market.summary() == {"pending": 8000}

    async def test_that_arrive_after_their_end_hold_nothing(self, market: Market) -> None:
        line_ids, cause_id = await lines_of(market, await market.sale()), new_id()
        await let_go(market, cause_id)
        assert (await put_hold(market, cause_id, line_ids=line_ids)).json() == {"is_open": False}
        assert await market.summary() == {"pending": 8000}
        assert await broken(market) == {}

    async def test_that_race_with_their_end_hold_nothing_afterwards(self, market: Market) -> None:
        line_ids = await lines_of(market, await market.sale())
        for _ in range(10):
            cause_id = new_id()
            wanted = [put_hold(market, cause_id, line_ids=line_ids), end_hold(market, cause_id)]
            assert {each.status_code for each in await asyncio.gather(*wanted)} == {200}
            assert await market.summary() == {"pending": 8000}
        assert await broken(market) == {}

    async def test_with_a_known_id_for_something_else_are_refused(self, market: Market) -> None:
        one, other = await lines_of(market, await market.sale()), await lines_of(market, await market.sale())
        cause_id = await held(market, line_ids=one)
        seller = str(market.practitioner_id)
        changed: list[dict[str, Any]] = [
            {"line_ids": other},
            {"line_ids": one + other},
            {"line_ids": one, "cause": "warning"},
            {"practitioner_id": seller},
        ]
        for open_still in (True, False):
            for body in changed:
                answer = await put_hold(market, cause_id, **body)
                assert (answer.status_code, answer.json()["code"]) == (409, "hold_changed"), answer.text
            assert (await put_hold(market, cause_id, line_ids=one)).json() == {"is_open": open_still}
            await let_go(market, cause_id)
        assert await market.summary() == {"pending": 16_000}

    async def test_of_several_at_once_under_one_id_one_holds(self, market: Market) -> None:
        lines = [await lines_of(market, await market.sale()) for _ in range(4)]
        cause_id = new_id()
        answers = await asyncio.gather(*(put_hold(market, cause_id, line_ids=each) for each in lines))
        assert sorted(each.status_code for each in answers) == [200, 409, 409, 409]
        assert await market.summary() == {"held": 8000, "pending": 24_000}
        await let_go(market, cause_id)
        assert await market.summary() == {"pending": 32_000}

    async def test_of_staff_and_a_suspension_do_not_meet_under_the_practitioners_id(self, market: Market) -> None:
        await market.account()
        await market.earned()
        seller = market.practitioner_id
        assert (await put_hold(market, seller, cause="staff", practitioner_id=str(seller))).json() == {"is_open": True}
        await suspend(market)
        await let_go(market, seller)
        assert (await market.ask()).status_code == 409
        await restore(market)
        assert (await market.ask()).status_code == 201

    @pytest.mark.parametrize(
        ("body", "field", "code"),
        [
            ({}, "practitioner_id", "one_needed"),
            ({"line_ids": [LINE], "practitioner_id": LINE}, "practitioner_id", "one_needed"),
            ({"line_ids": [LINE]}, "line_ids", "unknown_line"),
            ({"line_ids": []}, "line_ids", "too_short"),
            ({"line_ids": ["x"]}, "line_ids.0", "uuid_parsing"),
            ({"cause": "mood", "practitioner_id": LINE}, "cause", "literal_error"),
            ({"practitioner_id": LINE, "reason": "x"}, "reason", "extra_forbidden"),
        ],
    )
    async def test_that_mean_nothing_are_refused_by_their_field(
        self, market: Market, body: dict[str, Any], field: str, code: str
    ) -> None:
        answer = await put_hold(market, **body)
        assert answer.status_code == 422, answer.text
        [error] = answer.json()["errors"]
        assert (error["field"], error["code"]) == (field, code)
        assert (
            await market.sql("select id from payments.earning_holds union select id from payments.payout_holds") == []
        )
