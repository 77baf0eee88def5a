import asyncio
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from sqlalchemy import select, text, update

from devtools.testing.delivery import run_jobs
from services.identity.accounts.models import User
from services.identity.factors.codes import new_recovery_codes, recovery_hash
from services.identity.factors.models import RecoveryCode, Ticket, TotpFactor
from services.identity.factors.repository import TotpFactors
from services.identity.tests.conftest import (
    CODES,
    CONFIRM,
    CREDENTIALS,
    LOGIN,
    MFA,
    TOTP,
    bearer,
    code_of,
    execute,
    refreshed,
    refused,
    set_up_totp,
    wrong_code,
)
from shared.records.clock import machine_now

pytestmark = pytest.mark.usefixtures("invariants_hold")


async def audited(app):
    async with app.state.runtime.db.read() as session:
        rows = await session.execute(text("select action, after from identity.audit order by created_at, id"))
        return [tuple(row) for row in rows]


class TestState:
    @pytest.mark.parametrize(
        ("method", "path"),
        [("GET", MFA), ("PUT", MFA), ("POST", TOTP), ("POST", CONFIRM), ("DELETE", TOTP), ("POST", CODES)],
    )
    async def test_anonymous_is_401(self, client, method, path):
        assert (await client.request(method, path, json={})).status_code == 401

    async def test_a_new_account_has_nothing(self, own, ada):
        answer = await own.get(MFA, headers=bearer(ada))
        assert answer.json() == {"enabled": False, "totp": False, "passkeys": 0, "recovery_codes_left": 0}
        assert (await own.get("/api/v1/auth/user/", headers=bearer(ada))).json()["mfa_enabled"] is False

    async def test_with_an_app_it_is_on(self, own, protected):
        answer = await own.get(MFA, headers=protected.headers)
        assert answer.json() == {"enabled": True, "totp": True, "passkeys": 0, "recovery_codes_left": 10}
        assert (await own.get("/api/v1/auth/user/", headers=protected.headers)).json()["mfa_enabled"] is True

    async def test_off_keeps_the_app_and_voids_the_codes_and_on_gives_new_ones(self, own, protected, mails, app):
        off = await own.put(MFA, json={"enabled": False}, headers=protected.headers)
        assert (off.status_code, off.json()["enabled"], off.json()["totp"]) == (200, False, True)
        assert (off.json()["recovery_codes_left"], off.json()["recovery_codes"]) == (0, None)
        assert (await own.post(LOGIN, json=CREDENTIALS)).status_code == 200
        again = await own.put(MFA, json={"enabled": False}, headers=protected.headers)
        assert (again.status_code, again.json()) == (200, off.json())
        on = (await own.put(MFA, json={"enabled": True}, headers=protected.headers)).json()
        assert (on["enabled"], on["recovery_codes_left"], len(on["recovery_codes"])) == (True, 10, 10)
        assert set(on["recovery_codes"]).isdisjoint(protected.recovery_codes)
        once_more = (await own.put(MFA, json={"enabled": True}, headers=protected.headers)).json()
        assert (once_more["enabled"], once_more["recovery_codes"]) == (True, None)
        assert [len(await mails(kind)) for kind in ("mfa_turned_off", "mfa_turned_on")] == [1, 1]
        assert [action for action, _ in await audited(app)] == ["user.totp_add", "user.mfa_off", "user.mfa_on"]

    async def test_without_a_factor_it_cannot_be_turned_on(self, own, ada):
        answer = await own.put(MFA, json={"enabled": True}, headers=bearer(ada))
        assert refused(answer) == (409, "no_factor", [])

    @pytest.mark.parametrize("body", [{}, {"enabled": "maybe"}, {"enabled": True, "totp": True}, []])
    async def test_a_bad_body_is_422(self, own, ada, body):
        assert refused(await own.put(MFA, json=body, headers=bearer(ada)))[:2] == (422, "invalid")


class TestTotp:
    async def test_shows_the_secret_in_three_forms(self, own, ada):
        answer = await own.post(TOTP, headers=bearer(ada))
        shown = answer.json()
        assert (answer.status_code, set(shown)) == (201, {"secret", "otpauth_uri", "qr_svg"})
        assert shown["otpauth_uri"].startswith("otpauth://totp/Estuary:ada%40example.com?secret=" + shown["secret"])
        assert ElementTree.fromstring(shown["qr_svg"]).tag.endswith("svg")
        assert (await own.get(MFA, headers=bearer(ada))).json()["totp"] is False

    async def test_nothing_that_is_shown_lies_in_the_database(self, app, own, ada):
        secret, codes = await set_up_totp(own, ada)
        async with app.state.runtime.db.read() as session:
            factor = (await session.scalars(select(TotpFactor))).one()
            stored = (await session.scalars(select(RecoveryCode.hash))).all()
        assert secret.encode() not in factor.secret
        assert {recovery_hash(code) for code in codes} == set(stored)

    async def test_confirming_turns_it_on_and_gives_ten_codes(self, app, own, ada, mails, verifier):
        _, codes = await set_up_totp(own, ada)
        assert len(set(codes)) == 10
        assert {5 * len(code.replace("-", "")) for code in codes} == {80}  # bits
        assert len(await mails("factor_added")) == 1
        assert await audited(app) == [("user.totp_add", {"second_factors": ["totp"]})]
        caller = await verifier.user((await refreshed(own, ada))["access_token"])
        assert (caller.acr, caller.amr, caller.factors) == ("aal2", {"pwd", "otp", "mfa"}, {"totp"})
        assert caller.is_fresh

    async def test_a_second_one_is_refused(self, own, protected):
        assert refused(await own.post(TOTP, headers=protected.headers)) == (409, "totp_exists", [])
        again = await own.post(CONFIRM, json={"code": protected.next_code}, headers=protected.headers)
        assert refused(again) == (409, "totp_exists", [])

    async def test_asking_again_replaces_one_that_was_not_confirmed(self, own, ada):
        first, second = [(await own.post(TOTP, headers=bearer(ada))).json()["secret"] for _ in range(2)]
        assert first != second
        refusal = await own.post(CONFIRM, json={"code": code_of(first)}, headers=bearer(ada))
        assert refused(refusal) == (422, "invalid_code", ["code"])
        assert (await own.post(CONFIRM, json={"code": code_of(second)}, headers=bearer(ada))).status_code == 200

    async def test_after_ten_minutes_it_is_void(self, app, own, ada):
        secret = (await own.post(TOTP, headers=bearer(ada))).json()["secret"]
        await execute(app, update(TotpFactor).values(created_at=machine_now() - timedelta(minutes=11)))
        answer = await own.post(CONFIRM, json={"code": code_of(secret)}, headers=bearer(ada))
        assert refused(answer) == (409, "no_factor", [])

    async def test_there_is_nothing_to_confirm_before_it_was_asked_for(self, own, ada):
        assert refused(await own.post(CONFIRM, json={"code": "123456"}, headers=bearer(ada))) == (409, "no_factor", [])

    @pytest.mark.parametrize("code", ["12345", "1234567", "abcdef", "١٢٣٤٥٦", "12 34"])
    async def test_what_is_no_code_is_wrong(self, own, ada, code):
        await own.post(TOTP, headers=bearer(ada))
        answer = await own.post(CONFIRM, json={"code": code}, headers=bearer(ada))
        assert refused(answer) == (422, "invalid_code", ["code"])

    async def test_of_fifty_confirmations_at_once_one_wins(self, own, ada):
        secret = (await own.post(TOTP, headers=bearer(ada))).json()["secret"]
        body = {"code": code_of(secret)}
        answers = await asyncio.gather(*(own.post(CONFIRM, json=body, headers=bearer(ada)) for _ in range(50)))
        assert sorted(answer.status_code for answer in answers) == [200] + [409] * 49

    async def test_deleting_the_last_factor_turns_it_off(self, app, own, protected, mails):
        assert (await own.delete(TOTP, headers=protected.headers)).status_code == 204
        state = (await own.get(MFA, headers=protected.headers)).json()
        assert state == {"enabled": False, "totp": False, "passkeys": 0, "recovery_codes_left": 0}
        assert [len(await mails(kind)) for kind in ("factor_removed", "mfa_turned_off")] == [1, 1]
        assert refused(await own.delete(TOTP, headers=protected.headers)) == (404, "not_found", [])
        assert (await own.post(LOGIN, json=CREDENTIALS)).status_code == 200

    async def test_wrong_codes_are_limited_per_account(self, own, ada):
        secret = (await own.post(TOTP, headers=bearer(ada))).json()["secret"]
        wrong = {"code": wrong_code(secret)}
        answers = [await own.post(CONFIRM, json=wrong, headers=bearer(ada)) for _ in range(21)]
        assert [answer.status_code for answer in answers] == [422] * 20 + [429]
        assert int(answers[-1].headers["Retry-After"]) > 0
        late = await own.post(CONFIRM, json={"code": code_of(secret)}, headers=bearer(ada))
        assert refused(late) == (429, "too_many_attempts", [])


class TestRecoveryCodes:
    async def test_new_ones_void_the_old(self, app, own, protected, ticket_of, mails):
        answer = await own.post(CODES, headers=protected.headers)
        assert (answer.status_code, len(answer.json()["recovery_codes"])) == (200, 10)
        body = {"ticket": await ticket_of(), "method": "recovery_code"}
        old = await own.post(f"{LOGIN}mfa/", json={**body, "code": protected.recovery_codes[0]})
        assert refused(old) == (401, "invalid_code", [])
        new = await own.post(f"{LOGIN}mfa/", json={**body, "code": answer.json()["recovery_codes"][0]})
        assert new.status_code == 200
        assert len(await mails("recovery_codes_made")) == 1

    async def test_without_a_factor_there_are_none(self, own, ada):
        assert refused(await own.post(CODES, headers=bearer(ada))) == (409, "no_factor", [])

    def test_are_read_as_people_type_them(self):
        code = new_recovery_codes()[0]
        assert recovery_hash(f" {code.lower().replace('-', ' ')} ") == recovery_hash(code)


class TestSecrets:
    async def test_expired_tickets_are_deleted(self, app, own, protected, ticket_of):
        await ticket_of()
        await execute(app, update(Ticket).values(expires_at=machine_now() - timedelta(minutes=5)))
        await run_jobs(app)
        async with app.state.runtime.db.read() as session:
            assert (await session.scalars(select(Ticket))).all() == []

    async def test_a_step_is_used_once_and_no_older_one_after_it(self, app, protected):
        async with app.state.runtime.db.transaction() as session:
            user = (await session.scalars(select(User.id))).one()
            step = (await session.scalars(select(TotpFactor.last_step))).one()
            assert not await TotpFactors(session).use(user, step)
            assert await TotpFactors(session).use(user, step + 1)
            assert not await TotpFactors(session).use(user, step + 1)
            assert await TotpFactors(session).use(user, step + 2)
