"""Identity's secrets at rest: its keys are replaced while it runs, and what does not open is named."""

import asyncio
from base64 import b64encode
from typing import Any

import pytest
from sqlalchemy import select, update

from devtools.testing.kms import ARN, KmsServer, standing_kms
from estuary import sealing as commands
from estuary.settings import EstuarySettings
from services.identity.app import create_app
from services.identity.base import Base
from services.identity.keys.keyring import Keyring
from services.identity.keys.models import DataKey, SigningKey
from services.identity.settings import IdentitySettings
from services.identity.tests.conftest import CHEAP, registration
from shared.database.sealing import Sealing
from shared.records.kms import KmsUnavailable
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
        assert await both.rewrap(empty) == 1
        assert await both.rewrap(empty) == 0
        assert (await loaded(empty, NEW)).open(sealed, SigningKey.private_key, "kid") == b"secret"
        later = running.seal(b"later", SigningKey.private_key, "kid")
        assert (await loaded(empty, NEW)).open(later, SigningKey.private_key, "kid") == b"later"

    async def test_rotating_without_the_old_key_changes_nothing(self, empty):
        await loaded(empty, OLD)
        with pytest.raises(NotOpened):
            await sealing(NEW).rewrap(empty)
        assert await unopened(empty, OLD) == []


class TestSigningKeys:
    async def test_tokens_go_on_over_a_rotation(self, app, client, ada, verifier, db):
        ring = IdentitySettings.of(CHEAP).key_ring()
        both = Sealing(DataKey, KeyRing({"new": b"n" * 32, **ring.keys}))
        assert await both.rewrap(db) == 1
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


class TestKms:
    @pytest.fixture
    def kms(self, monkeypatch):
        pytest.importorskip("boto3", reason="the extra kms is not installed")
        with standing_kms() as server:
            for name, value in server.environment.items():
                monkeypatch.setenv(name, value)
            yield server

    @pytest.fixture
    def by_kms(self) -> dict[str, str]:
        return {**CHEAP, "IDENTITY_KMS": f"aws-kms:{ARN}"}

    async def test_each_data_key_is_unwrapped_once_in_a_process(self, empty, kms: KmsServer, by_kms):
        first = Sealing(DataKey, IdentitySettings.of(by_kms).wrapping())
        await first.load(empty)
        kms.calls.clear()
        again = Sealing(DataKey, IdentitySettings.of(by_kms).wrapping())
        for _ in range(3):
            await again.load(empty)
        assert kms.calls == ["Decrypt"]
        sealed = first.seal(b"secret", SigningKey.private_key, "kid")
        assert again.open(sealed, SigningKey.private_key, "kid") == b"secret"

    async def test_one_that_is_away_fails_the_start_and_makes_no_other_key(self, runtime_for, kms, by_kms):
        app = create_app(await runtime_for("identity", env=by_kms))
        kms.refusal = "AccessDeniedException"
        with pytest.raises(KmsUnavailable) as refused:
            async with app.router.lifespan_context(app):
                pass
        assert refused.value.line == f"IDENTITY_KMS: {ARN} cannot be used: AccessDeniedException"
        async with app.state.runtime.db.read() as session:
            assert (await session.scalars(select(DataKey))).all() == []

    async def test_a_call_is_answered_when_it_is_back(self, runtime_for, client_for, kms, by_kms):
        app = create_app(await runtime_for("identity", env=by_kms))
        client = client_for(app)
        kms.refusal = "KMSInternalException"
        away = await client.post("/api/v1/auth/register/", json=registration("bo@example.com"))
        assert (away.status_code, away.json()["code"]) == (503, "unavailable")
        assert ARN not in away.text
        kms.refusal = None
        back = await client.post("/api/v1/auth/register/", json=registration("bo@example.com"))
        assert back.status_code == 201

    async def test_data_keys_move_there_and_back(self, app, client, ada, db, kms, by_kms, capsys):
        settings = EstuarySettings.of({**CHEAP, "DATABASE_URL": db.url})
        keys = {**CHEAP, "IDENTITY_KEYS": NEW}
        derived = IdentitySettings.of(CHEAP).key_ring()
        await Sealing(DataKey, KeyRing({**KeyRing.parse(NEW).keys, **derived.keys})).rewrap(db)
        both = {**by_kms, "IDENTITY_KEYS": NEW}
        with pytest.raises(SettingsError, match="IDENTITY_KEYS and IDENTITY_KMS"):
            await commands.rotate(settings, both, "identity")
        for to, alone, other in (("kms", by_kms, keys), ("keys", keys, by_kms)):
            await commands.rotate(settings, both, "identity", commands.Target(to))
            await commands.rotate(settings, both, "identity", commands.Target(to))
            assert await commands.verify(settings, alone, "identity") == 0
            with pytest.raises(SettingsError, match="opens not all data keys of identity"):
                await commands.rotate(settings, other, "identity")
        printed = capsys.readouterr().out.split("\n")
        assert [line for line in printed if "wrapped anew" in line] == [
            f"{count} data keys of identity wrapped anew" for count in (1, 0, 1, 0)
        ]

    async def test_moving_needs_both(self, app, client, ada, db):
        settings = EstuarySettings.of({**CHEAP, "DATABASE_URL": db.url})
        with pytest.raises(SettingsError, match="IDENTITY_KMS: needed to move"):
            await commands.rotate(settings, CHEAP, "identity", commands.Target.KMS)
