"""Codes for tokens: once, by their client alone, within a minute."""

import asyncio
from base64 import urlsafe_b64decode
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from services.identity.app_grants.models import AppGrant
from services.identity.oauth.authorizations.models import OAuthCode
from services.identity.oauth.clients.models import OAuthClient
from services.identity.sessions.models import SignInSession
from services.identity.tests.conftest import bearer, execute
from services.identity.tests.oauth.relying_party import BACK, INVALID_GRANT, App, end_reasons, refusal
from services.identity.tests.oauth.test_clients import CLIENTS, X, made
from shared.auth.verification import Caller
from shared.errors import Unauthenticated
from shared.records.clock import machine_now


class TestCode:
    async def test_gives_what_was_asked_for(self, journal, ada, verifier):
        answer = await journal.redeem(await journal.code())
        given = answer.json()
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        assert (given["token_type"], given["expires_in"], given["scope"]) == ("Bearer", 3600, "openid profile email")
        assert "refresh_token" not in given
        claims = await journal.claims(given["id_token"])
        assert (claims["alg"], claims["sub"], claims["nonce"]) == ("RS256", ada["user"]["id"], journal.nonce)
        assert (claims["acr"], claims["amr"], claims["exp"] - claims["iat"]) == ("aal1", ["pwd"], 3600)
        assert abs(claims["auth_time"] - machine_now().timestamp()) < 60
        caller: Caller = await verifier.user(given["access_token"])
        assert (str(caller.user_id), caller.client_id) == (ada["user"]["id"], journal.client_id)
        assert caller.scopes == frozenset({"openid", "profile", "email"})
        assert str(caller.session_id) == claims["sid"]

    async def test_es256_where_the_client_wants_it(self, register, ada):
        app = await register(id_token_alg="ES256")
        assert (await app.claims((await app.tokens())["id_token"]))["alg"] == "ES256"

    async def test_keys_are_as_strong_as_128_bits(self, journal):
        await journal.tokens()
        published = (await journal.browser.web.get("/.well-known/jwks.json")).json()["keys"]
        numbers = {key["alg"]: key["n"] if key["kty"] == "RSA" else key["x"] for key in published}
        bits = {alg: 8 * len(urlsafe_b64decode(f"{number}==")) for alg, number in numbers.items()}
        assert bits == {"RS256": 3072, "ES256": 256}

    @pytest.mark.parametrize("alg", ["RS256", "ES256"])
    async def test_an_id_token_opens_nothing(self, register, ada, own, verifier, alg):
        app = await register(id_token_alg=alg)
        id_token = (await app.tokens())["id_token"]
        with pytest.raises(Unauthenticated):
            await verifier.user(id_token)
        headers = {"Authorization": f"Bearer {id_token}"}
        assert (await own.get("/api/v1/auth/user/", headers=headers)).status_code == 401
        assert (await own.get("/oauth/userinfo", headers=headers)).status_code == 401

    async def test_a_second_use_ends_what_the_first_gave(self, app, own, journal):
        code = await journal.code(scope="openid bookings.read")
        token = (await journal.redeem(code)).json()["access_token"]
        assert refusal(await journal.redeem(code)) == INVALID_GRANT
        assert await end_reasons(app) == ["code_reused"]
        refused = await own.get("/api/v1/auth/user/", headers={"Authorization": f"Bearer {token}"})
        assert refused.json()["code"] == "token_expired"

    async def test_of_fifty_at_once_one_wins(self, app, journal):
        code = await journal.code()
        answers = await asyncio.gather(*(journal.redeem(code) for _ in range(50)))
        assert sorted(one.status_code for one in answers) == [200] + [400] * 49
        assert {one.json()["error"] for one in answers if one.status_code == 400} == {"invalid_grant"}
        assert await end_reasons(app) == ["code_reused"]

    async def test_lives_a_minute(self, app, journal):
        code = await journal.code()
        await execute(app, update(OAuthCode).values(expires_at=machine_now() - timedelta(seconds=1)))
        assert refusal(await journal.redeem(code)) == INVALID_GRANT

    async def test_is_known_by_its_hash_alone(self, app, journal):
        code = await journal.code()
        async with app.state.runtime.db.read() as session:
            [stored] = await session.scalars(select(OAuthCode))
            assert code not in str(vars(stored))

    @pytest.mark.parametrize("other", ["w" * 43, "short", "", "ü" * 43])
    async def test_another_verifier_burns_it(self, journal, other):
        code = await journal.code()
        answer = await journal.redeem(code, code_verifier=other)
        assert answer.status_code == 400
        assert answer.json()["error"] in ("invalid_grant", "invalid_request")
        if answer.json()["error"] == "invalid_grant":
            assert refusal(await journal.redeem(code)) == INVALID_GRANT

    @pytest.mark.parametrize("redirect", [BACK + "/", "http://localhost:3000/back", ""])
    async def test_another_redirect_is_refused(self, journal, redirect):
        assert refusal(await journal.redeem(await journal.code(), redirect_uri=redirect)) == INVALID_GRANT

    async def test_the_code_of_another_client_is_none(self, app, client, journal):
        code = await journal.code()
        other = await made(client, name="Other")
        thief = App(journal.browser, other["client_id"], other["client_secret"], verifier=journal.verifier)
        assert refusal(await thief.redeem(code)) == INVALID_GRANT
        assert (await journal.redeem(code)).status_code == 200
        assert refusal(await thief.redeem(code)) == INVALID_GRANT
        assert await end_reasons(app) == [None]

    async def test_who_is_not_the_client_burns_nothing(self, app, journal):
        code = await journal.code()
        thief = App(journal.browser, journal.client_id, "wrong", verifier=journal.verifier)
        assert refusal(await thief.redeem(code)) == (401, "invalid_client")
        nobody = App(journal.browser, journal.client_id, None, verifier=journal.verifier)
        assert refusal(await nobody.redeem(code))[1] == "invalid_client"
        assert (await journal.redeem(code)).status_code == 200
        assert refusal(await thief.redeem(code)) == (401, "invalid_client")
        assert await end_reasons(app) == [None]

    async def test_after_the_sign_in_has_ended_it_gives_nothing(self, own, journal, ada):
        code = await journal.code()
        await own.post("/api/v1/auth/sessions/end-others/", headers=bearer(ada))
        assert refusal(await journal.redeem(code)) == INVALID_GRANT

    async def test_signing_in_silently_goes_on_with_one_session(self, app, journal):
        first, second = await journal.tokens(), await journal.tokens()
        assert first["access_token"] != second["access_token"]
        assert await end_reasons(app) == [None]

    async def test_a_session_without_refresh_token_is_listed_as_long_as_its_access_token_lives(
        self, app, own, journal, ada
    ):
        async def listed() -> list[str]:
            found = (await own.get("/api/v1/auth/sessions/", headers=bearer(ada))).json()["results"]
            return sorted(one["kind"] for one in found)

        await journal.tokens()
        assert await listed() == ["app", "sign_in", "sign_in"]
        await execute(app, update(SignInSession).values(last_used_at=machine_now() - timedelta(minutes=61)))
        assert await listed() == ["sign_in", "sign_in"]

    async def test_after_the_consent_was_withdrawn_a_code_gives_nothing(self, app, own, journal, ada):
        await journal.tokens()
        code = await journal.code()
        found = (await own.get("/api/v1/auth/sessions/", headers=bearer(ada))).json()["results"]
        [session_id] = [one["id"] for one in found if one["kind"] == "app"]
        assert (await own.delete(f"/api/v1/auth/sessions/{session_id}/", headers=bearer(ada))).status_code == 204
        assert refusal(await journal.redeem(code)) == INVALID_GRANT
        assert "asks to" in (await journal.browser.get(journal.address())).text
        assert (await journal.redeem(await journal.code())).status_code == 200
        assert await end_reasons(app) == ["ended", None]

    async def test_a_code_for_more_than_what_is_allowed_now_gives_nothing(self, app, journal):
        code = await journal.code(scope="openid bookings.read")
        await execute(app, update(AppGrant).values(scopes=["openid"]))
        assert refusal(await journal.redeem(code)) == INVALID_GRANT

    async def test_a_client_of_ours_is_asked_about_by_nobody(self, register, ada):
        ours = await register(first_party=True)
        assert (await ours.redeem(await ours.code())).status_code == 200

    async def test_the_former_secret_is_good_for_a_day(self, app, client, journal):
        renewed = await client.post(f"{CLIENTS}{journal.client_id}/secret/", headers=X)
        assert (await journal.redeem(await journal.code())).status_code == 200
        journal.secret = renewed.json()["client_secret"]
        assert (await journal.redeem(await journal.code())).status_code == 200
        await execute(app, update(OAuthClient).values(former_until=machine_now() - timedelta(seconds=1)))
        assert (await journal.redeem(await journal.code())).status_code == 200
