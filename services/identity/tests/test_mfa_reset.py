"""Staff take the second factors of somebody who lost them."""

from typing import Any

import pytest

from devtools.testing.callers import headers_for
from devtools.testing.delivery import events_of
from services.identity.tests.conftest import CONFIRMED, CREDENTIALS, LOGIN, refused
from services.identity.tests.test_staff import audit
from shared.events.identity import SessionRevoked
from shared.records.ids import new_id

USERS = "/api/v1/admin/users/"
REASON = {"reason": "The phone was lost."}
STAFF = headers_for(roles=("user", "staff")) | CONFIRMED


@pytest.fixture
def reset(client, ada):
    """`await reset()`: the answer, about Ada unless another is named."""

    async def call(user_id: str = "", headers: dict[str, str] = STAFF, **body: Any) -> Any:
        path = f"{USERS}{user_id or ada['user']['id']}/mfa/reset/"
        return await client.post(path, json=body or REASON, headers=headers)

    return call


async def test_the_password_alone_opens_the_account_again(app, own, protected, passkey, reset, mails):
    answer = await reset()
    assert (answer.status_code, answer.json()["mfa_enabled"]) == (200, False)
    pair = (await own.post(LOGIN, json=CREDENTIALS)).json()
    state = await own.get("/api/v1/auth/mfa/", headers={"Authorization": f"Bearer {pair['access_token']}"})
    assert state.json() == {"enabled": False, "totp": False, "passkeys": 0, "recovery_codes_left": 0}
    assert len(await mails("factor_removed")) == 1


async def test_sessions_that_the_factors_opened_end(app, own, protected, reset):
    await reset()
    assert (await own.get("/api/v1/auth/user/", headers=protected.headers)).json()["code"] == "token_expired"
    ended = [event for event in await events_of(app.state.runtime) if isinstance(event, SessionRevoked)]
    assert [event.reason for event in ended] == ["mfa_reset"]


async def test_a_ticket_from_before_is_void(own, protected, ticket_of, reset):
    ticket = await ticket_of()
    await reset()
    body = {"ticket": ticket, "method": "totp", "code": protected.next_code}
    assert refused(await own.post(f"{LOGIN}mfa/", json=body)) == (401, "ticket_invalid", [])


async def test_is_audited_and_again_changes_nothing(app, protected, reset):
    first, again = await reset(), await reset()
    [row] = [row for row in await audit(app) if row.action == "user.reset_mfa"]
    assert (row.before, row.after, row.reason) == ({"factors": ["totp"]}, {"factors": []}, "The phone was lost.")
    assert (first.headers["audit-id"], again.status_code) == (str(row.id), 200)


async def test_of_staff_superusers_decide_and_not_about_themselves(reset, superusers):
    (first, one), (second, _) = await superusers(2)
    assert (await reset(first)).json()["code"] == "superuser_required"
    assert (await reset(first, one)).json()["code"] == "own_account"
    assert (await reset(second, one)).status_code == 200


async def test_who_is_refused(client, reset, ada):
    assert (await client.post(f"{USERS}{ada['user']['id']}/mfa/reset/", json=REASON)).status_code == 401
    for role in ("practitioner", "partner", "support", "marketing"):
        assert (await reset(headers=headers_for(roles=("user", role)))).json()["code"] == "staff_required"
    assert (await reset(headers=headers_for(roles=("user", "staff")))).json()["code"] == "confirmation_required"
    assert (await reset(str(new_id()))).status_code == 404
    assert (await reset(reason=" ")).status_code == 422
    await client.post(f"{USERS}{ada['user']['id']}/deactivate/", headers=STAFF)
    assert (await reset()).json()["code"] == "illegal_transition"
