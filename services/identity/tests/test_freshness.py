from uuid import UUID

import pytest
from sqlalchemy import update

from devtools.testing.delivery import run_jobs
from services.identity.accounts.models import User
from services.identity.tests.conftest import (
    CODES,
    CREDENTIALS,
    LOGIN,
    MFA,
    PASSWORD,
    TOTP,
    bearer,
    execute,
    grow_old,
    refreshed,
    refused,
    set_up_totp,
)


class TestFresh:
    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("PUT", MFA, {"enabled": True}),
            ("POST", TOTP, None),
            ("DELETE", TOTP, None),
            ("POST", CODES, None),
            ("POST", "/api/v1/auth/passkeys/options/", None),
            ("DELETE", f"/api/v1/auth/passkeys/{UUID(int=1)}/", None),
            ("PUT", f"/api/v1/auth/passkeys/{UUID(int=1)}/", {"name": "x"}),
            ("POST", "/api/v1/auth/email/change/", {"email": "new@example.com"}),
        ],
    )
    async def test_an_old_sign_in_is_refused_with_the_methods(self, app, own, ada, method, path, body):
        await grow_old(app)
        headers = bearer(await refreshed(own, ada))
        answer = await own.request(method, path, json=body, headers=headers)
        assert refused(answer) == (403, "step_up_required", [])
        assert answer.json()["methods"] == ["password"]

    async def test_before_the_body_is_looked_at(self, app, own, ada):
        await grow_old(app)
        answer = await own.put(MFA, content=b"no json", headers=bearer(await refreshed(own, ada)))
        assert answer.status_code == 403

    async def test_a_password_is_not_enough_for_a_token_older_than_the_factor(self, app, own, ada):
        other = (await own.post(LOGIN, json=CREDENTIALS)).json()
        await set_up_totp(own, ada)
        answer = await own.delete(TOTP, headers=bearer(other))
        assert (refused(answer)[:2], answer.json()["methods"]) == ((403, "step_up_required"), ["totp"])
        again = await own.delete(TOTP, headers=bearer(await refreshed(own, other)))
        assert refused(again)[:2] == (403, "step_up_required")

    async def test_the_session_that_confirmed_the_app_goes_on(self, own, ada):
        await set_up_totp(own, ada)
        assert (await own.post(CODES, headers=bearer(ada))).status_code == 200

    async def test_a_refresh_renews_nothing(self, app, own, protected):
        await grow_old(app)
        headers = bearer(await refreshed(own, protected.pair))
        assert refused(await own.delete(TOTP, headers=headers))[:2] == (403, "step_up_required")

    async def test_an_account_without_any_way_has_no_methods(self, app, own, ada):
        await grow_old(app)
        await execute(app, update(User).values(password_hash=""))
        answer = await own.post(TOTP, headers=bearer(await refreshed(own, ada)))
        assert (answer.status_code, answer.json()["methods"]) == (403, [])


class TestKeptAndLost:
    async def test_a_reset_keeps_the_second_factor_of_a_proven_owner(self, app, own, protected, tokens):
        await execute(app, update(User).values(is_verified=True))
        await own.post("/api/v1/auth/password/reset/", json={"email": CREDENTIALS["email"]})
        await run_jobs(app)
        [token] = await tokens("reset_password")
        given = {"token": token, "password": "another quiet river"}
        assert (await own.post("/api/v1/auth/password/reset/confirm/", json=given)).status_code == 204
        answer = await own.post(LOGIN, json={**CREDENTIALS, "password": given["password"]})
        assert (answer.status_code, answer.json()["mfa"]["methods"]) == (403, ["totp", "recovery_code"])

    async def test_a_reset_that_proves_the_address_first_takes_it(self, app, own, protected, tokens, mails):
        await own.post("/api/v1/auth/password/reset/", json={"email": CREDENTIALS["email"]})
        await run_jobs(app)
        [token] = await tokens("reset_password")
        given = {"token": token, "password": "another quiet river"}
        await own.post("/api/v1/auth/password/reset/confirm/", json=given)
        answer = await own.post(LOGIN, json={**CREDENTIALS, "password": given["password"]})
        assert (answer.status_code, answer.json()["user"]["mfa_enabled"]) == (200, False)
        assert len(await mails("factor_removed")) == 1

    async def test_proving_the_address_takes_what_was_there_before(self, own, protected, tokens):
        [token] = await tokens("verify_email")
        answer = await own.post("/api/v1/auth/verify-email/", json={"token": token}, headers=protected.headers)
        assert answer.status_code == 200
        assert (await own.get(MFA, headers=protected.headers)).json()["totp"] is False

    async def test_proving_it_again_takes_nothing(self, own, ada, tokens):
        [token] = await tokens("verify_email")
        await own.post("/api/v1/auth/verify-email/", json={"token": token}, headers=bearer(ada))
        await set_up_totp(own, ada)
        assert (await own.post("/api/v1/auth/verify-email/", json={"token": token})).status_code == 200
        assert (await own.get(MFA, headers=bearer(ada))).json()["totp"] is True

    async def test_a_new_password_keeps_how_its_session_was_proven(self, app, own, protected, verifier):
        body = {"current_password": PASSWORD, "password": "another quiet river"}
        before = await verifier.user(protected.pair["access_token"])
        changed = await own.post("/api/v1/auth/password/change/", json=body, headers=protected.headers)
        after = await verifier.user(changed.json()["access_token"])
        assert (after.acr, after.auth_time, after.factors) == ("aal2", before.auth_time, {"totp"})

    async def test_a_password_change_ends_the_second_steps_under_way(self, own, protected, ticket_of):
        ticket = await ticket_of()
        body = {"current_password": PASSWORD, "password": "another quiet river"}
        await own.post("/api/v1/auth/password/change/", json=body, headers=protected.headers)
        answer = await own.post(f"{LOGIN}mfa/", json={"ticket": ticket, "method": "totp", "code": protected.next_code})
        assert refused(answer) == (401, "ticket_invalid", [])
