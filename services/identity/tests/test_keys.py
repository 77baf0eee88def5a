from datetime import timedelta

from sqlalchemy import select, update

from devtools.testing.delivery import run_jobs
from services.identity.keys.domain import Algorithm
from services.identity.keys.keyring import Keyring
from services.identity.keys.models import DataKey, SigningKey
from shared.database.sealing import Sealing
from shared.records.clock import machine_now
from shared.records.sealing import KeyRing


async def key_ids(client) -> list[str]:
    return [key["kid"] for key in (await client.get("/.well-known/jwks.json")).json()["keys"]]


async def age_keys(app, by: timedelta) -> None:
    async with app.state.runtime.db.transaction() as session:
        await session.execute(update(SigningKey).values(signs_from=SigningKey.signs_from - by))


def keyring(app, ring: KeyRing | None = None) -> Keyring:
    """Another process's, with these keys of the operator."""
    runtime = app.state.runtime
    return Keyring(Sealing(DataKey, ring or runtime.settings.key_ring()))


class TestTwoAlgorithms:
    async def test_keys_for_id_tokens_are_made_when_needed_and_rotate_by_themselves(self, app, client, ada):
        runtime = app.state.runtime
        [own] = await key_ids(client)
        other = await runtime.keyring.signer_by(runtime.db, Algorithm.RS256)
        assert set(await key_ids(client)) == {own, other.kid}
        assert (await keyring(app).signer_by(runtime.db, Algorithm.RS256)).kid == other.kid
        assert (await keyring(app).signer(runtime.db)).kid == own
        await age_keys(app, timedelta(days=91))
        await run_jobs(app)
        assert len(await key_ids(client)) == 4
        kinds = {key["kid"]: key["alg"] for key in (await client.get("/.well-known/jwks.json")).json()["keys"]}
        assert sorted(kinds.values()) == ["ES256", "ES256", "RS256", "RS256"]
        await age_keys(app, timedelta(hours=2))
        await run_jobs(app)
        assert not {own, other.kid} & set(await key_ids(client))
        assert kinds[(await keyring(app).signer(runtime.db)).kid] == "ES256"
        assert kinds[(await keyring(app).signer_by(runtime.db, Algorithm.RS256)).kid] == "RS256"

    async def test_public_halves_alone(self, app, client):
        await app.state.runtime.keyring.signer_by(app.state.runtime.db, Algorithm.RS256)
        [key] = (await client.get("/.well-known/jwks.json")).json()["keys"]
        assert set(key) == {"kty", "n", "e", "kid", "use", "alg"}


class TestKeys:
    async def test_only_public_halves_are_published(self, client, ada):
        [key] = (await client.get("/.well-known/jwks.json/")).json()["keys"]
        assert set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"}

    async def test_the_private_half_is_sealed_at_rest(self, app, ada):
        async with app.state.runtime.db.read() as session:
            sealed = await session.scalar(select(SigningKey.private_key))
        assert b"PRIVATE KEY" not in sealed

    async def test_the_first_start_makes_one_key(self, app, client):
        async with app.router.lifespan_context(app), app.router.lifespan_context(app):
            assert len(await key_ids(client)) == 1

    async def test_another_process_signs_with_the_same_key(self, app, client, ada):
        other = await keyring(app).signer(app.state.runtime.db)
        assert [other.kid] == await key_ids(client)

    async def test_rotation_publishes_first_and_signs_later(self, app, client, ada, verifier):
        runtime = app.state.runtime
        before = (await runtime.keyring.signer(runtime.db)).kid
        async with runtime.db.transaction() as session:
            await runtime.keyring.rotate(session, machine_now())
        assert len(await key_ids(client)) == 2
        fresh = keyring(app)
        assert (await fresh.signer(runtime.db)).kid == before
        await age_keys(app, timedelta(minutes=11))
        fresh = keyring(app)
        assert (await fresh.signer(runtime.db)).kid != before
        assert await verifier.user(ada["access_token"])

    async def test_the_job_replaces_an_old_key_and_later_drops_it(self, app, client, ada):
        [old] = await key_ids(client)
        await age_keys(app, timedelta(days=91))
        await run_jobs(app)
        assert [old] == (await key_ids(client))[:-1]
        await age_keys(app, timedelta(hours=2))
        await run_jobs(app)
        assert old not in await key_ids(client)

    async def test_lost_keys_make_a_new_one_and_old_tokens_go_on(self, app, client, ada, verifier):
        [old] = await key_ids(client)
        other = keyring(app, KeyRing({"another": b"a" * 32}))
        assert (await other.signer(app.state.runtime.db)).kid != old
        assert len(await key_ids(client)) == 2
        assert await verifier.user(ada["access_token"])
