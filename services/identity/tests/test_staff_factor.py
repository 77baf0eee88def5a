"""Staff need a second factor where the install says so; with one on, what they confirm asks for its use of late."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from services.identity.accounts.models import User
from services.identity.app import create_app
from services.identity.settings import IdentitySettings
from services.identity.tests.conftest import (
    CHEAP,
    CONFIRMED,
    CREDENTIALS,
    LOGIN,
    MFA,
    TOTP,
    bearer,
    code_of,
    grow_old,
    refused,
    registration,
    set_up_totp,
)
from shared.runtime import Runtime

REFRESH = "/api/v1/auth/token/refresh/"
AUDIT = "/api/v1/admin/audit/"


@pytest.fixture
async def strict(app, verifier, client_for):
    """A client of an identity that demands a second factor of staff."""
    env = {**app.state.runtime.env, "IDENTITY_STAFF_MFA": "required"}
    return client_for(create_app(replace(Runtime.of(app.state.runtime), verifier=verifier, env=env)))


@pytest.fixture
async def staff(app, strict, ada):
    """Ada's pair, as staff, from an install that demands a second factor."""
    async with app.state.runtime.db.autocommit() as session:
        await session.execute(update(User).values(is_staff=True))
    return (await strict.post(LOGIN, json=CREDENTIALS)).json()


def test_is_demanded_with_real_settings_unless_said_otherwise():
    real = {**CHEAP, "ESTUARY_STAND_INS": "false", "IDENTITY_KEYS": "one:" + "A" * 43 + "="}
    assert not IdentitySettings.of(CHEAP).staff_needs_factor
    assert IdentitySettings.of(real).staff_needs_factor
    assert not IdentitySettings.of(real | {"IDENTITY_STAFF_MFA": "optional"}).staff_needs_factor
    assert IdentitySettings.of(CHEAP | {"IDENTITY_STAFF_MFA": "required"}).staff_needs_factor


async def test_staff_without_one_are_refused_under_admin_alone(strict, staff):
    answer = await strict.get(AUDIT, headers=bearer(staff))
    assert refused(answer) == (403, "mfa_required", [])
    assert "mfa" not in answer.json()
    assert (await strict.get("/api/v1/auth/user/", headers=bearer(staff))).status_code == 200


async def test_with_one_they_pass(strict, staff):
    await set_up_totp(strict, staff)
    pair = (await strict.post(REFRESH, json={"refresh_token": staff["refresh_token"]})).json()
    assert (await strict.get(AUDIT, headers=bearer(pair))).status_code == 200


async def test_others_need_none(strict, app, ada):
    assert refused(await strict.get(AUDIT, headers=bearer(ada)))[:2] == (403, "staff_required")


async def test_staff_cannot_turn_off_or_delete_the_last_one(strict, staff):
    await set_up_totp(strict, staff)
    pair = (await strict.post(REFRESH, json={"refresh_token": staff["refresh_token"]})).json()
    off = await strict.put(MFA, json={"enabled": False}, headers=bearer(pair))
    assert refused(off) == (409, "mfa_required_by_role", [])
    assert refused(await strict.delete(TOTP, headers=bearer(pair))) == (409, "mfa_required_by_role", [])
    state = (await strict.get(MFA, headers=bearer(pair))).json()
    assert (state["enabled"], state["totp"], state["recovery_codes_left"]) == (True, True, 10)


async def test_what_staff_confirm_needs_a_use_of_late_only_with_one_on(own, app, ada):
    async with app.state.runtime.db.autocommit() as session:
        await session.execute(update(User).values(is_staff=True))
    pair = (await own.post(LOGIN, json=CREDENTIALS)).json()
    target = (await own.post("/api/v1/auth/register/", json=registration("bob@example.com"))).json()["user"]["id"]
    path = f"/api/v1/admin/users/{target}/deactivate/"
    await grow_old(app)
    old = (await own.post(REFRESH, json={"refresh_token": pair["refresh_token"]})).json()
    assert (await own.post(path, headers=bearer(old) | CONFIRMED)).status_code == 200
    stepped = await own.post(
        "/api/v1/auth/step-up/", json={"method": "password", "password": CREDENTIALS["password"]}, headers=bearer(old)
    )
    secret, _ = await set_up_totp(own, stepped.json())
    await grow_old(app)
    late = (await own.post(REFRESH, json={"refresh_token": old["refresh_token"]})).json()
    answer = await own.post(path, headers=bearer(late) | CONFIRMED)
    assert (refused(answer)[:2], answer.json()["methods"]) == ((403, "step_up_required"), ["totp"])
    assert (await own.post(path, headers=bearer(late))).status_code == 428
    body = {"method": "totp", "code": code_of(secret, 1)}
    fresh = await own.post("/api/v1/auth/step-up/", json=body, headers=bearer(late))
    assert (await own.post(path, headers=bearer(fresh.json()) | CONFIRMED)).status_code == 200
