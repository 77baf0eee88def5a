"""The throttle counts exactly, however many try at once."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from shared.database.session import Database
from shared.database.throttle import Limit, Throttle, throttle_table
from shared.errors import TooManyAttempts

TEN = Limit("sign-ins", 10, timedelta(minutes=15))


@pytest.fixture
def db(toy) -> Database:
    return toy.state.runtime.db


async def allowed(db: Database, limit: Limit = TEN, subject: str = "ada") -> bool:
    async with db.autocommit() as session:
        return await Throttle(session).allows(limit, subject)


async def take(db: Database, *counted: tuple[Limit, str]) -> None:
    async with db.autocommit() as session:
        await Throttle(session).take_all(counted)


async def let_pass(db: Database, seconds: int) -> None:
    async with db.transaction() as session:
        change = "update toy.throttle set free_at = free_at - make_interval(secs => :s)"
        await session.execute(text(change), {"s": seconds})


async def test_of_two_hundred_at_once_ten_are_allowed(db):
    results = await asyncio.gather(*(allowed(db) for _ in range(200)))
    assert sum(results) == 10


async def test_then_one_more_after_each_step(db):
    for _ in range(10):
        assert await allowed(db)
    await let_pass(db, 85)
    assert not await allowed(db)
    await let_pass(db, 6)
    assert [await allowed(db), await allowed(db)] == [True, False]


async def test_after_the_whole_time_all_of_it_is_there_again_and_no_more(db):
    for _ in range(10):
        await allowed(db)
    await let_pass(db, 3600)
    assert sum([await allowed(db) for _ in range(12)]) == 10


async def test_subjects_and_limits_count_apart(db):
    one = Limit("mails", 1, timedelta(hours=1))
    assert [await allowed(db, one), await allowed(db, one, "bob"), await allowed(db)] == [True, True, True]
    assert [await allowed(db, one), await allowed(db, one, "bob")] == [False, False]


async def test_what_is_given_back_may_be_taken_again(db):
    for _ in range(10):
        await allowed(db)
    async with db.autocommit() as session:
        await Throttle(session).give_back(TEN, "ada")
    assert [await allowed(db), await allowed(db)] == [True, False]


async def test_of_several_limits_all_count_one_or_none(db):
    one = Limit("mails", 1, timedelta(hours=1))
    counted = [(TEN, "ada"), (one, "ada"), (TEN, "bob")]
    await take(db, *counted)
    for _ in range(3):
        with pytest.raises(TooManyAttempts) as refused:
            await take(db, *counted)
        assert 3590 <= int(refused.value.headers["Retry-After"]) <= 3600
    left = [sum([await allowed(db, TEN, subject) for _ in range(12)]) for subject in ("ada", "bob")]
    assert left == [9, 9]


async def test_a_refusal_says_when_to_come_back(db):
    for _ in range(10):
        await allowed(db)
    with pytest.raises(TooManyAttempts) as refused:
        await take(db, (TEN, "ada"))
    assert 80 <= int(refused.value.headers["Retry-After"]) <= 90


async def test_subjects_cannot_be_read_and_old_counts_go(db):
    await allowed(db, subject="ada@example.com")
    async with db.read() as session:
        keys = (await session.scalars(select(throttle_table("toy").c.key))).all()
    assert not any("ada" in key for key in keys)
    await let_pass(db, 3600)
    async with db.transaction() as session:
        assert await Throttle(session).prune() == 1
