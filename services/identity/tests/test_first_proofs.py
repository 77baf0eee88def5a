"""Who proves an address, or takes one back, gets an account to which no former holder has a key."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text, update

from devtools.testing.callers import edge_headers, service_headers
from devtools.testing.delivery import run_jobs
from services.identity.accounts.models import User
from services.identity.sessions.domain import SessionKind
from services.identity.sessions.models import SignInSession
from services.identity.tests.conftest import CREDENTIALS, LOGIN, MFA, bearer, bob, execute, refused, set_up_totp
from shared.internal.identity import EXCHANGE_API_KEY
from shared.records.clock import machine_now
from shared.records.ids import new_id

CHANGE, CONFIRM, UNDO = (f"/api/v1/auth/email/{name}/" for name in ("change", "change/confirm", "undo"))
VERIFY, KEYS, REFRESH = (f"/api/v1/auth/{name}/" for name in ("verify-email", "api-keys", "token/refresh"))
VOID = (422, "token_invalid", ["token"])


async def again(own: Any, pair: Any) -> Any:
    return (await own.post(REFRESH, json={"refresh_token": pair["refresh_token"]})).json()


@pytest.fixture
async def partner(app, own, ada):
    """Ada, who may have API keys."""
    await execute(app, update(User).values(granted_roles=["partner"]))
    return await again(own, ada)


@pytest.fixture
def make_key(own, partner):
    async def make(pair: Any = partner) -> str:
        answer = await own.post(KEYS, json={"name": "a", "scopes": ["account.read"]}, headers=bearer(pair))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["key"])

    return make


@pytest.fixture
def opens(own):
    """`await opens(key)`: whether the gateway would get a token for it."""

    async def exchange(key: str) -> bool:
        answer = await own.post(EXCHANGE_API_KEY.path, json={"key": key}, headers=service_headers("gateway"))
        return bool(answer.status_code == 200)

    return exchange


@pytest.fixture
def verify(own, tokens):
    async def prove(pair: Any = None) -> None:
        [token] = await tokens("verify_email")
        headers = {} if pair is None else bearer(pair)
        assert (await own.post(VERIFY, json={"token": token}, headers=headers)).status_code == 200

    return prove


@pytest.fixture
def ask(app, own, tokens):
    """The token by which a change of the address, that is asked for, is confirmed."""

    async def change(pair: Any, email: str = "new@example.com") -> str:
        assert (await own.post(CHANGE, json={"email": email}, headers=bearer(pair))).status_code == 202
        await run_jobs(app)
        return str((await tokens("change_email"))[-1])

    return change


@pytest.fixture
def move(own, ask):
    """Changes the address."""

    async def changed(pair: Any) -> None:
        assert (await own.post(CONFIRM, json={"token": await ask(pair)})).status_code == 200

    return changed


async def add_app(app: Any, user_id: str) -> None:
    """A session of an app, as who was there before allowed it."""
    now = machine_now()
    opened = SignInSession(id=new_id(), user_id=UUID(user_id), kind=SessionKind.APP, started_at=now)
    opened.expires_at = now + timedelta(days=90)
    opened.client_id, opened.client_name = new_id(), "Journal"
    opened.authenticated_at = opened.last_used_at = now
    opened.methods, opened.scopes = ["password"], ["account.read"]
    async with app.state.runtime.db.transaction() as session:
        session.add(opened)


async def live_kinds(app: Any) -> list[str]:
    async with app.state.runtime.db.read() as session:
        query = select(SignInSession.kind).where(SignInSession.ended_at.is_(None))
        return sorted((await session.scalars(query)).all())


class TestVerify:
    async def test_ends_keys_and_apps_and_leaves_the_session_that_proves_it(
        self, app, own, partner, make_key, opens, verify
    ):
        key = await make_key()
        assert await opens(key)
        await add_app(app, partner["user"]["id"])
        await own.post(LOGIN, json=CREDENTIALS)
        await verify(partner)
        assert not await opens(key)
        assert await live_kinds(app) == ["sign_in"]
        assert (await own.get("/api/v1/auth/user/", headers=bearer(partner))).status_code == 200

    async def test_ends_the_sessions_of_who_registered_the_address_of_somebody_else(self, app, own, ada, verify):
        await verify()
        assert await live_kinds(app) == []
        answer = await own.get("/api/v1/auth/user/", headers=bearer(ada))
        assert (answer.status_code, answer.json()["code"]) == (401, "token_expired")
        assert (await own.post(REFRESH, json={"refresh_token": ada["refresh_token"]})).status_code == 401
        assert (await own.post(LOGIN, json=CREDENTIALS)).status_code == 200  # rule ID-2 leaves the password

    async def test_leaves_who_registered_in_the_same_network(self, own, ada, tokens):
        [token] = await tokens("verify_email")
        networks = [edge_headers(address) for address in ("192.0.2.1", "198.51.100.1")]
        here, elsewhere = [(await own.post(LOGIN, json=CREDENTIALS, headers=one)).json() for one in networks]
        assert (await own.post(VERIFY, json={"token": token}, headers=edge_headers("192.0.2.1"))).status_code == 200
        answers = [await own.get("/api/v1/auth/user/", headers=bearer(pair)) for pair in (here, elsewhere, ada)]
        assert [answer.status_code for answer in answers] == [200, 401, 401]

    async def test_by_somebody_signed_in_to_another_account_ends_them_too(self, app, own, ada, tokens):
        [token] = await tokens("verify_email")
        other = await bob(own)
        answer = await own.post(VERIFY, json={"token": token}, headers=bearer(other))
        assert answer.status_code == 200
        assert (await own.get("/api/v1/auth/user/", headers=bearer(ada))).status_code == 401
        assert (await own.get("/api/v1/auth/user/", headers=bearer(other))).status_code == 200

    async def test_again_ends_no_session(self, app, own, ada, tokens):
        [token] = await tokens("verify_email")
        await own.post(VERIFY, json={"token": token})
        await own.post(LOGIN, json=CREDENTIALS)
        assert (await own.post(VERIFY, json={"token": token})).status_code == 200
        assert await live_kinds(app) == ["sign_in"]

    async def test_voids_a_change_of_the_address_that_was_asked_for_before(self, own, ada, ask, verify):
        token = await ask(ada)
        await verify()
        assert refused(await own.post(CONFIRM, json={"token": token})) == VOID

    async def test_again_takes_nothing(self, own, partner, make_key, opens, tokens):
        [token] = await tokens("verify_email")
        await own.post(VERIFY, json={"token": token}, headers=bearer(partner))
        key = await make_key()
        assert (await own.post(VERIFY, json={"token": token})).status_code == 200
        assert await opens(key)


class TestChange:
    async def test_that_was_asked_for_in_a_session_which_its_owner_ends_from_another_one_is_void(self, own, ada, ask):
        thief = (await own.post(LOGIN, json=CREDENTIALS)).json()
        token = await ask(thief)
        assert (await own.post("/api/v1/auth/sessions/end-others/", headers=bearer(ada))).status_code == 200
        assert refused(await own.post(CONFIRM, json={"token": token})) == VOID

    async def test_asked_for_in_a_session_of_which_there_is_a_copy_is_void(self, own, ada, ask):
        token = await ask(ada)
        second = await again(own, ada)
        await again(own, second)
        assert (await again(own, ada))["code"] == "refresh_reused"
        assert refused(await own.post(CONFIRM, json={"token": token})) == VOID

    async def test_asked_for_by_who_then_signs_out_is_confirmed_all_the_same(self, own, ada, ask):
        token = await ask(ada)
        assert (await own.post("/api/v1/auth/logout/", headers=bearer(ada))).status_code == 204
        assert (await own.post(CONFIRM, json={"token": token})).status_code == 200

    async def test_that_is_the_first_proof_ends_keys(self, partner, make_key, opens, move):
        key = await make_key()
        await move(partner)
        assert not await opens(key)

    async def test_of_a_proven_address_keeps_them(self, own, partner, make_key, opens, move, verify):
        await verify(partner)
        key = await make_key()
        await move(partner)
        assert await opens(key)


class TestUndo:
    async def test_ends_the_keys_that_were_made_since(
        self, app, own, ada, partner, make_key, opens, tokens, move, verify
    ):
        await verify(partner)
        older = await make_key()
        await execute(app, text("update identity.api_keys set created_at = created_at - interval '2 days'"))
        await move(partner)
        newer = await make_key()
        assert await opens(newer)
        assert (await own.post(UNDO, json={"token": (await tokens("undo_email"))[0]})).status_code == 200
        assert [await opens(older), await opens(newer)] == [True, False]

    async def test_voids_the_recovery_codes_that_were_made_since(self, app, own, ada, tokens, move, verify):
        await verify(ada)
        await set_up_totp(own, ada)
        await execute(app, text("update identity.totp_factors set created_at = created_at - interval '2 days'"))
        pair = await again(own, ada)
        await move(pair)
        assert (await own.post(f"{MFA}recovery-codes/", headers=bearer(pair))).status_code == 200
        assert (await own.post(UNDO, json={"token": (await tokens("undo_email"))[0]})).status_code == 200
        async with app.state.runtime.db.read() as session:
            assert (await session.execute(text("select count(*) from identity.recovery_codes"))).scalar() == 0
            assert await session.scalar(select(User.second_factors)) == ["totp"]
