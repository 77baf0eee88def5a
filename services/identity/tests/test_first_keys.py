"""The first key of an algorithm, which is made when somebody needs it."""

import asyncio

from sqlalchemy import func, select

from services.identity.keys.domain import Algorithm
from services.identity.keys.models import SigningKey


async def test_of_twenty_that_need_it_at_once_one_makes_it(app):
    runtime = app.state.runtime
    await runtime.keyring.signer(runtime.db)
    found = await asyncio.gather(*(runtime.keyring.signer_by(runtime.db, Algorithm.RS256) for _ in range(20)))
    assert len({key.kid for key in found}) == 1
    async with runtime.db.read() as session:
        made = select(func.count()).select_from(SigningKey).where(SigningKey.algorithm == Algorithm.RS256)
        assert await session.scalar(made) == 1
