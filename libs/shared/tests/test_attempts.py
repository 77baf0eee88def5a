"""Work that is tried until it is done: claims, leases, pauses and reasons, on a table in a real Postgres."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import ColumnElement, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.concurrency.back_off import SPREAD, BackOff
from shared.database.connections import plain_url
from shared.database.session import Database, schema_metadata
from shared.errors import Unavailable
from shared.records.clock import machine_now
from shared.records.ids import new_id
from shared.work.attempts import LONGEST_REASON, UNFINISHED, Retried, claim, put_off, reason_of, short, try_each
from shared.work.jobs import each

BACK_OFF = BackOff(2.0, 60.0)
TABLE = """
    create table toy.tasks (id uuid primary key, done boolean not null, tries integer not null,
        next_try_at timestamptz, last_error text)
"""


class Base(DeclarativeBase):
    metadata = schema_metadata("toy")


class Task(Retried, Base):
    __tablename__ = "tasks"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    done: Mapped[bool] = mapped_column(default=False)

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        return cls.done.is_(False)


@pytest.fixture
async def db(toy) -> Database:
    found: Database = toy.state.runtime.db
    owner = await asyncpg.connect(plain_url(found.url))
    await owner.execute(TABLE)
    await owner.execute(f"grant all on toy.tasks to {found.role}")
    await owner.close()
    return found


async def store(db: Database, count: int = 1, due_in: timedelta = timedelta()) -> None:
    async with db.transaction() as session:
        for _ in range(count):
            task = Task()
            task.lease(due_in)
            session.add(task)


async def taken(db: Database, number: int = 10, back_off: BackOff = BACK_OFF) -> Sequence[Task]:
    async with db.autocommit() as session:
        return await claim(session, Task, number, back_off)


async def change(db: Database, what: str) -> None:
    async with db.transaction() as session:
        await session.execute(text(f"update toy.tasks set {what}"))


async def stored(db: Database, task: Task) -> Task:
    async with db.read() as session:
        return await session.get_one(Task, task.id)


def failing(bad: Task, why: str) -> Callable[[Task], Awaitable[bool]]:
    """Does every task but that one."""

    async def act(task: Task) -> bool:
        if task is bad:
            raise Unavailable(why)
        return True

    return act


class TestClaims:
    async def test_a_claim_counts_the_try_leases_the_row_and_says_that_it_has_not_ended(self, db: Database):
        await store(db)
        (task,) = await taken(db)
        assert (task.tries, task.last_error) == (1, UNFINISHED)
        assert timedelta() < (task.next_try_at or machine_now()) - machine_now() <= timedelta(seconds=2)
        assert await taken(db) == []

    async def test_those_that_wait_longest_come_first_and_no_more_than_asked_for(self, db: Database):
        for minutes in (1, 3, 2):
            await store(db, due_in=-timedelta(minutes=minutes))
        await store(db, due_in=timedelta(minutes=1))
        first = await taken(db, 2)
        rest = await taken(db, 2)
        assert (len(first), len(rest)) == (2, 1)
        assert {task.id for task in first}.isdisjoint(task.id for task in rest)

    async def test_two_workers_that_claim_at_once_never_get_the_same_row(self, db: Database):
        await store(db, 40)
        claims = await asyncio.gather(*(taken(db, 7) for _ in range(8)))
        ids = [task.id for each in claims for task in each]
        assert len(ids) == len(set(ids))
        ids += [task.id for task in await taken(db, 40)]
        assert sorted(ids) == sorted(set(ids))
        assert len(ids) == 40

    async def test_a_row_that_another_transaction_has_locked_is_passed_over(self, db: Database):
        await store(db, 2)
        async with db.transaction() as session:
            locked = await session.scalar(text("select id from toy.tasks limit 1 for update"))
            assert [task.id for task in await taken(db)] != [locked]
        assert [task.id for task in await taken(db)] == [locked]

    async def test_what_died_between_claim_and_effect_is_due_again_when_its_lease_is_over(self, db: Database):
        await store(db)
        await taken(db, back_off=BackOff(0.2, 60))
        assert await taken(db) == []
        await asyncio.sleep(0.25)
        (task,) = await taken(db)
        assert (task.tries, task.last_error) == (2, UNFINISHED)

    async def test_the_lease_of_a_row_that_kills_whoever_tries_it_grows_up_to_the_cap(self, db: Database):
        await store(db)
        for seconds in (2, 4, 8):
            (task,) = await taken(db)
            assert timedelta(seconds=seconds - 1) < (task.next_try_at or machine_now()) - machine_now()
            await change(db, "next_try_at = now()")
        await change(db, "tries = 2000")
        (task,) = await taken(db)
        assert timedelta(seconds=59) < (task.next_try_at or machine_now()) - machine_now() <= timedelta(seconds=60)

    async def test_what_is_done_is_not_claimed(self, db: Database):
        await store(db)
        await change(db, "done = true")
        assert await taken(db) == []


class TestFailures:
    async def test_what_fails_waits_and_says_why_and_the_others_are_done(self, db: Database):
        await store(db, 3)
        claimed = await taken(db)

        act = failing(claimed[1], "payments does not answer.")
        assert await try_each(db, claimed, act, BACK_OFF) == 2
        failed = await stored(db, claimed[1])
        assert (failed.tries, failed.last_error) == (1, "payments does not answer.")
        assert timedelta(seconds=1) < (failed.next_try_at or machine_now()) - machine_now() <= timedelta(seconds=2)
        assert str(failed) == f"Task {failed.id}"

    async def test_a_late_failure_changes_nothing_of_a_row_that_was_claimed_anew(self, db: Database):
        await store(db)
        (old,) = await taken(db, back_off=BackOff(0, 60))
        (new,) = await taken(db)
        async with db.autocommit() as session:
            await put_off(session, old, "late", BACK_OFF)
        found = await stored(db, new)
        assert (found.tries, found.last_error, found.next_try_at) == (2, UNFINISHED, new.next_try_at)

    async def test_a_late_failure_changes_nothing_of_what_is_done(self, db: Database):
        await store(db)
        (task,) = await taken(db)
        async with db.transaction() as session:
            found = await session.get_one(Task, task.id)
            found.done = True
            found.succeeded()
        async with db.autocommit() as session:
            await put_off(session, task, "late", BACK_OFF)
        found = await stored(db, task)
        assert (found.next_try_at, found.last_error) == (None, None)

    async def test_any_reason_can_be_stored(self, db: Database):
        await store(db, 2)
        claimed = await taken(db)

        act = failing(claimed[0], "answered \0 and \ud800")
        assert await try_each(db, claimed, act, BACK_OFF) == 1
        assert (await stored(db, claimed[0])).last_error == r"answered and \ud800"

    async def test_one_that_cannot_be_put_off_stops_no_other(self):
        async def act(row: int) -> bool:
            if row == 1:
                raise KeyError("amount")
            return True

        async def refused(row: int, error: Exception) -> None:
            raise ValueError(row)

        assert await each([1, 2, 3], act, refused) == 2

    async def test_an_absent_database_ends_the_loop(self):
        async def act(row: int) -> bool:
            raise KeyError(row)

        async def away(row: int, error: Exception) -> None:
            raise ConnectionRefusedError

        with pytest.raises(ConnectionRefusedError):
            await each([1, 2], act, away)


class TestRows:
    def test_a_failure_counts_and_waits_ever_longer(self):
        task, pauses = Task(tries=0), []
        for _ in range(3):
            task.failed("no", BACK_OFF)
            pauses.append(((task.next_try_at or machine_now()) - machine_now()).total_seconds())
        assert (task.tries, task.last_error) == (3, "no")
        assert all(longest * 0.89 < pause <= longest for pause, longest in zip(pauses, (2, 4, 8), strict=True))

    def test_waiting_counts_nothing(self):
        task = Task(tries=2)
        task.waits("payment_disputed", timedelta(hours=1))
        assert (task.tries, task.last_error) == (2, "payment_disputed")

    def test_starting_over_and_giving_up(self):
        task = Task(tries=4)
        task.give_up("no such account")
        assert (task.tries, task.next_try_at, task.last_error) == (4, None, "no such account")
        task.start_over()
        assert (task.tries, task.last_error) == (0, None)
        assert (task.next_try_at or machine_now()) <= machine_now()

    @pytest.mark.parametrize(
        ("why", "stored"),
        [
            ("550 <alice@example.com> is unknown", "550 <[removed]> is unknown"),
            ("bad key sk_test_12345678", "bad key [removed]"),
            ("one\n  two", "one two"),
            ("x" * 1000, "x" * LONGEST_REASON),
            ("550 unbekannt\udce9r\0", r"550 unbekannt\udce9r"),
        ],
    )
    def test_reasons_are_one_short_line_without_what_is_secret_or_personal(self, why: str, stored: str):
        assert short(why) == stored

    def test_an_error_of_ours_says_its_detail_and_any_other_its_type_too(self):
        assert reason_of(Unavailable("catalog does not answer.")) == "catalog does not answer."
        assert reason_of(KeyError("amount")) == "KeyError: 'amount'"


class TestBackOff:
    def test_pauses_double_up_to_the_cap(self):
        assert [BackOff(5, 3600).longest(failures) for failures in (1, 2, 3, 20, 10_000)] == [5, 10, 20, 3600, 3600]
        assert BackOff(0.5, 3600).longest(0) == 0.5

    def test_chance_takes_up_to_a_tenth_away_and_adds_nothing(self):
        pauses = [BackOff(10, 60).seconds(1) for _ in range(2000)]
        assert 10 * (1 - SPREAD) <= min(pauses) < 9.2
        assert 9.8 < max(pauses) <= 10
        assert BackOff(10, 60).after(9) <= timedelta(seconds=60)
