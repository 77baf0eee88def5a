"""Posting: all legs of an event or none, once, and never changed afterwards."""

import asyncio

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from services.payments.ledger.domain import (
    Leg,
    client_credits,
    credits_held,
    order_escrow,
    platform_revenue,
    seller_available,
    seller_pending,
    stripe_clearing,
)
from services.payments.ledger.errors import BalanceTooLow
from services.payments.ledger.models import LedgerBalance, LedgerTransfer
from services.payments.ledger.service import balance_of, post
from services.payments.runtime import PaymentsRuntime
from shared.records.ids import new_id

USER = new_id()
CREDITS, HELD = client_credits(USER, "USD"), credits_held(USER, "USD")
CLEARING, ESCROW = stripe_clearing("USD"), order_escrow("USD")


async def balances(runtime: PaymentsRuntime, *accounts: object) -> list[int]:
    async with runtime.db.read() as session:
        return [await balance_of(session, account) for account in accounts]  # type: ignore[arg-type]  # names of accounts


async def as_owner(runtime: PaymentsRuntime, statement: str) -> None:
    async with runtime.db.transaction() as session:
        await session.execute(text("set local role none"))
        await session.execute(text(statement))


class TestPost:
    async def test_money_moves_from_debit_to_credit(self, runtime: PaymentsRuntime) -> None:
        async with runtime.db.transaction() as session:
            legs = [Leg(CLEARING, CREDITS, 700), Leg(CREDITS, HELD, 300)]
            assert await post(session, new_id(), "test", legs, {"order_id": new_id()})
        assert await balances(runtime, CLEARING, CREDITS, HELD) == [-700, 400, 300]

    async def test_the_same_event_twice_is_a_no_op(self, runtime: PaymentsRuntime) -> None:
        event = new_id()
        for first in (True, False):
            async with runtime.db.transaction() as session:
                assert await post(session, event, "test", [Leg(CLEARING, CREDITS, 700)], {}) is first
        assert await balances(runtime, CREDITS) == [700]

    async def test_the_same_event_with_other_legs_is_an_error(self, runtime: PaymentsRuntime) -> None:
        event = new_id()
        async with runtime.db.transaction() as session:
            await post(session, event, "test", [Leg(CLEARING, CREDITS, 700)], {})
        for legs in ([Leg(CLEARING, CREDITS, 701)], [Leg(CLEARING, CREDITS, 700), Leg(CLEARING, CREDITS, 1)]):
            with pytest.raises(DBAPIError, match="posted before with other legs"):
                async with runtime.db.transaction() as session:
                    await post(session, event, "test", legs, {})
        assert await balances(runtime, CREDITS) == [700]

    async def test_a_live_account_cannot_go_below_zero(self, runtime: PaymentsRuntime) -> None:
        with pytest.raises(BalanceTooLow):
            async with runtime.db.transaction() as session:
                await post(session, new_id(), "test", [Leg(CREDITS, HELD, 1)], {})
        assert await balances(runtime, CREDITS, HELD) == [0, 0]

    async def test_nothing_to_move_posts_nothing(self, runtime: PaymentsRuntime) -> None:
        async with runtime.db.transaction() as session:
            assert not await post(session, new_id(), "test", [Leg(CLEARING, CREDITS, 0)], {})

    async def test_rival_spends_of_one_balance_have_as_many_winners_as_there_is_money(
        self, runtime: PaymentsRuntime
    ) -> None:
        async with runtime.db.transaction() as session:
            await post(session, new_id(), "test", [Leg(CLEARING, CREDITS, 500)], {})

        async def spend() -> bool:
            try:
                async with runtime.db.transaction() as session:
                    return await post(session, new_id(), "test", [Leg(CREDITS, ESCROW, 100)], {})
            except BalanceTooLow:
                return False

        assert sum(await asyncio.gather(*(spend() for _ in range(12)))) == 5
        assert await balances(runtime, CREDITS, ESCROW) == [0, 500]

    async def test_opposite_postings_do_not_deadlock(self, runtime: PaymentsRuntime) -> None:
        one, two = seller_available(new_id(), "USD"), client_credits(new_id(), "USD")
        async with runtime.db.transaction() as session:
            await post(session, new_id(), "test", [Leg(CLEARING, one, 1000), Leg(CLEARING, two, 1000)], {})

        async def move(turn: int) -> None:
            async with runtime.db.transaction() as session:
                leg = Leg(one, two, 1) if turn % 2 else Leg(two, one, 1)
                await post(session, new_id(), "test", [leg], {})

        await asyncio.gather(*(move(turn) for turn in range(40)))
        assert await balances(runtime, one, two) == [1000, 1000]

    async def test_platform_accounts_have_no_balance_row(self, runtime: PaymentsRuntime) -> None:
        async with runtime.db.transaction() as session:
            legs = [Leg(ESCROW, platform_revenue("USD"), 5), Leg(ESCROW, seller_pending(USER, "USD"), 5)]
            await post(session, new_id(), "test", legs, {})
        async with runtime.db.read() as session:
            assert await session.scalar(select(func.count()).select_from(LedgerBalance)) == 0


class TestAppendOnly:
    @pytest.mark.parametrize(
        "statement",
        [
            "update payments.ledger_transfers set amount = 1",
            "delete from payments.ledger_transfers",
            "truncate payments.ledger_transfers",
            "update payments.ledger_accounts set live = false",
            "delete from payments.ledger_balances",
        ],
    )
    async def test_the_service_may_not_change_it(self, runtime: PaymentsRuntime, statement: str) -> None:
        with pytest.raises(DBAPIError, match="permission denied"):
            async with runtime.db.transaction() as session:
                await session.execute(text(statement))

    @pytest.mark.parametrize("statement", ["update {} set amount = 1", "delete from {}", "truncate {}"])
    async def test_not_even_the_owner_changes_a_transfer(self, runtime: PaymentsRuntime, statement: str) -> None:
        async with runtime.db.transaction() as session:
            await post(session, new_id(), "test", [Leg(CLEARING, CREDITS, 700)], {})
        with pytest.raises(DBAPIError, match="append-only"):
            await as_owner(runtime, statement.format("payments.ledger_transfers"))
        async with runtime.db.read() as session:
            assert await session.scalar(select(LedgerTransfer.amount)) == 700
