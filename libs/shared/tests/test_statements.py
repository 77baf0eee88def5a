"""What is compiled once converts values and rows as SQLAlchemy would."""

from decimal import Decimal
from enum import StrEnum

import pytest
from sqlalchemy import Column, Integer, MetaData, Numeric, Table, Uuid, bindparam, select, text
from sqlalchemy.dialects.postgresql import JSONB

from shared.database.session import Database, enum_column
from shared.database.statements import Call, CompiledStatement
from shared.records.clock import SystemClock
from shared.records.ids import new_id


class Mood(StrEnum):
    CALM = "calm"


KEPT = Table(
    "kept",
    MetaData(),
    Column("id", Uuid, primary_key=True, default=new_id),
    Column("mood", enum_column(Mood)),
    Column("facts", JSONB),
    Column("rate", Numeric(5, 4)),
    Column("tries", Integer, default=3),
)
ADD = CompiledStatement(KEPT.insert().returning(KEPT))
FIND = CompiledStatement(select(KEPT.c.mood, KEPT.c.facts).where(KEPT.c.mood == bindparam("wanted"), KEPT.c.tries == 3))


class TestCall:
    def test_defaults_are_filled_in(self):
        call = Call(KEPT.insert(), ("mood",))
        assert len(call.arguments({"mood": Mood.CALM})) == 3
        assert call.arguments({"mood": Mood.CALM})[-1] == 3

    def test_a_value_that_is_missing_is_no_null(self):
        with pytest.raises(TypeError, match="needs wanted"):
            FIND.call({"other": 1})

    def test_it_is_compiled_once_per_set_of_names(self):
        assert ADD.call({"mood": Mood.CALM}) is ADD.call({"mood": None})
        assert ADD.call({"mood": Mood.CALM}) is not ADD.call({"facts": {}})


async def test_values_and_rows_are_converted(databases):
    url = await databases.clone("toy")
    db = Database(url, schema="toy", clock=SystemClock(), pool_size=1)
    async with db.transaction() as session:
        made = "create temp table kept (id uuid, mood text, facts jsonb, rate numeric(5, 4), tries int)"
        await session.execute(text(made))
        row = (await session.run(ADD, {"mood": Mood.CALM, "facts": {"a": [1]}, "rate": Decimal("0.1500")}))[0]
        assert row.mood is Mood.CALM
        assert row.facts == {"a": [1]}
        assert row.rate == Decimal("0.15")
        assert row.tries == 3
        assert await session.run(FIND, {"wanted": Mood.CALM}) == [(Mood.CALM, {"a": [1]})]
        assert await session.first(FIND, {"wanted": None}) is None
    await db.close()
    await databases.drop(url)
