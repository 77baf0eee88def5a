"""Identity's secrets at rest: its keys are replaced while it runs, and what does not open is named."""

import asyncio
from base64 import b64encode
from typing import Any

import pytest
from sqlalchemy import select, update

from estuary import sealing as commands
from estuary.settings import EstuarySettings
from services.identity.base import Base
from services.identity.keys.keyring import Keyring
from services.identity.keys.models import DataKey, SigningKey
from services.identity.settings import IdentitySettings
from services.identity.tests.conftest import CHEAP, registration
from shared.database.sealing import Sealing
from shared.records.sealing import KeyRing, NotOpened
from shared.settings import SettingsError

OLD, NEW = (f"{name}:{b64encode(name[:1].encode() * 32).decode()}" for name in ("old", "new"))


def sealing(*keys: str) -> Sealing:
    ring = KeyRing.parse(",".join(keys)) if keys else IdentitySettings.of(CHEAP).key_ring()
    return Sealing(DataKey, ring)


async def loaded(db: Any, *keys: str) -> Sealing:
    found = sealing(*keys)
    await found.load(db)
    return found


async def unopened(db: Any, *keys: str) -> list[str]:
    found = await loaded(db, *keys)
    async with db.read() as session:
        return await found.unopened(session, Base.metadata)


@pytest.fixture
def db(app):
    return app.state.runtime.db


@pytest.fixture
async def empty(runtime_for):
    """Identity's database before its first start."""
    return (await runtime_for("identity", env=CHEAP)).db


class TestDataKeys:
    async def test_processes_that_start_together_make_one(self, empty):
        await asyncio.gather(*(loaded(empty, OLD) for _ in range(5)))
        async with empty.read() as session:
            [row] = (await session.scalars(select(DataKey))).all()
        assert row.wrapped_by == "old"
        assert len(row.wrapped) == 12 + 32 + 16

    async def test_rotating_wraps_anew_and_running_processes_go_on(self, empty):
        running = await loaded(empty, OLD)
        sealed = running.seal(b"secret", SigningKey.private_key, "kid")
        both = sealing(NEW, OLD)
        async with empty.transaction() as session:
            assert await both.rewrap(session) == 1
        async with empty.transaction() as session:
            assert await both.rewrap(session) == 0
        assert (await loaded(empty, NEW)).open(sealed, SigningKey.private_key, "kid") == b"secret"
        later = running.seal(b"later", SigningKey.private_key, "kid")
        assert (await loaded(empty, NEW)).open(later, SigningKey.private_key, "kid") == b"later"

    async def test_rotating_without_the_old_key_changes_nothing(self, empty):
        await loaded(empty, OLD)
        with pytest.raises(NotOpened):
            async with empty.transaction() as session:
                await sealing(NEW).rewrap(session)
        assert await unopened(empty, OLD) == []


class TestSigningKeys:
    async def test_tokens_go_on_over_a_rotation(self, app, client, ada, verifier, db):
        ring = IdentitySettings.of(CHEAP).key_ring()
        both = Sealing(DataKey, KeyRing({"new": b"n" * 32, **ring.keys}))
        async with db.transaction() as session:
            assert await both.rewrap(session) == 1
        again = await client.post("/api/v1/auth/register/", json=registration("bo@example.com"))
        assert again.status_code == 201
        assert await verifier.user(again.json()["access_token"])
        key = await Keyring(await loaded(db, NEW)).signer(db)
        assert key.kid == (await app.state.runtime.keyring.signer(db)).kid

    async def test_one_that_lies_in_another_row_does_not_sign(self, app, client, ada, db):
        async with db.transaction() as session:
            moved = await session.scalar(select(SigningKey.private_key))
            await app.state.runtime.keyring.rotate(session, app.state.runtime.clock.now())
            await session.execute(update(SigningKey).values(private_key=moved))
        assert len(await unopened(db)) == 1


class TestCommands:
    @pytest.fixture
    def settings(self, db) -> EstuarySettings:
        return EstuarySettings.of({**CHEAP, "DATABASE_URL": db.url})

    async def test_what_does_not_open_is_named(self, app, client, ada, db, settings, capsys):
        assert await commands.verify(settings, CHEAP, "identity") == 0
        async with db.transaction() as session:
            await session.execute(update(SigningKey).values(private_key=b"\x01 not sealed at all, though long enough"))
        assert await commands.verify(settings, CHEAP, "identity") == 1
        assert "signing_keys.private_key" in capsys.readouterr().out

    async def test_rotating_is_safe_to_repeat_and_needs_the_old_key(self, app, client, ada, settings, capsys):
        with pytest.raises(SettingsError, match="IDENTITY_KEYS"):
            await commands.rotate(settings, {**CHEAP, "IDENTITY_KEYS": NEW}, "identity")
        await commands.rotate(settings, CHEAP, "identity")
        assert "0 data keys" in capsys.readouterr().out
