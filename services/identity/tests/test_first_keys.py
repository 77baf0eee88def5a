"""Keys that many need at once: the first one is made once, and each is opened once in a process."""

import asyncio
from typing import Any

from joserfc.jwk import RSAKey
from sqlalchemy import func, select

from services.identity.keys.domain import Algorithm
from services.identity.keys.keyring import REREAD_EVERY, Keyring
from services.identity.keys.models import SigningKey
from shared.records.clock import machine_now


async def test_of_twenty_that_need_it_at_once_one_makes_it(app):
    runtime = app.state.runtime
    await runtime.keyring.signer(runtime.db)
    found = await asyncio.gather(*(runtime.keyring.signer_by(runtime.db, Algorithm.RS256) for _ in range(20)))
    assert len({key.kid for key in found}) == 1
    async with runtime.db.read() as session:
        made = select(func.count()).select_from(SigningKey).where(SigningKey.algorithm == Algorithm.RS256)
        assert await session.scalar(made) == 1


async def test_a_process_opens_each_key_once(app, monkeypatch):
    runtime = app.state.runtime
    made = await runtime.keyring.signer_by(runtime.db, Algorithm.RS256)
    opened: list[bytes] = []
    import_key = RSAKey.import_key

    def counted(pem: bytes, options: Any) -> RSAKey:
        opened.append(pem)
        return import_key(pem, options)

    monkeypatch.setattr(RSAKey, "import_key", counted)
    keyring = Keyring(runtime.sealing)
    for _ in range(2):
        found = await asyncio.gather(*(keyring.signer_by(runtime.db, Algorithm.RS256) for _ in range(20)))
        assert {key.kid for key in found} == {made.kid}
        monkeypatch.setattr(keyring, "_read_at", machine_now() - REREAD_EVERY)
    assert len(opened) == 1
