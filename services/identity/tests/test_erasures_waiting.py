"""What an erasure waits for: another service's obligations, its absence, and what is opened at the last moment."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from devtools.testing.callers import headers_for
from devtools.testing.delivery import events_of, run_jobs
from services.identity.app import create_app
from services.identity.erasures.models import Erasure
from services.identity.tests.conftest import CHEAP, CONFIRMED, erasures_end, registration
from shared.auth.permissions import Role
from shared.events.identity import ErasureRequested, UserDeactivated
from shared.records.clock import machine_now
from shared.records.ids import new_id

OWN, PREVIEW, CANCEL = (f"/api/v1/auth/user/erasure/{end}" for end in ("", "preview/", "cancel/"))
STAFF = headers_for(new_id(), (Role.USER, Role.STAFF)) | CONFIRMED
CODES = ("future_booking", "unpaid_order", "payout_under_way", "open_earnings", "bought_credits")


@pytest.fixture
async def app(runtime_for: Any, payments: Any) -> Any:
    env = {**CHEAP, "ESTUARY_SERVICES": "identity,payments"}
    return create_app(await runtime_for("identity", env=env, peers={"payments": payments}))


@pytest.fixture
async def zoe(client: Any) -> tuple[UUID, dict[str, str]]:
    pair = (await client.post("/api/v1/auth/register/", json=registration("zoe@example.com"))).json()
    user_id = UUID(pair["user"]["id"])
    return user_id, headers_for(user_id)


async def a_week_later(app: Any) -> None:
    app.state.runtime.clock.advance(timedelta(days=8))
    await erasures_end(app)


async def asked(app: Any) -> list[type]:
    """Which of an erasure's events have been sent."""
    events = await events_of(app.state.runtime)
    return [type(event) for event in events if isinstance(event, UserDeactivated | ErasureRequested)]


@pytest.mark.parametrize("code", CODES)
async def test_what_is_open_is_named_and_the_erasure_waits_for_it(app, client, payments, zoe, code):
    payments.state.results = [{"code": code, "count": 2}]
    named = [{"service": "payments", "code": code, "count": 2}]
    assert (await client.get(PREVIEW, headers=zoe[1])).json()["obligations"] == named
    answer = await client.post(OWN, headers=zoe[1])
    assert (answer.status_code, answer.json()["obligations"]) == (202, named)
    await a_week_later(app)
    shown = (await client.get(OWN, headers=zoe[1])).json()
    assert (shown["status"], shown["obligations"]) == ("waiting", named)
    [listed] = (await client.get("/api/v1/admin/privacy/erasures/", headers=STAFF)).json()["results"]
    assert (listed["status"], listed["obligations"]) == ("waiting", named)
    path, body = f"/api/v1/admin/users/{zoe[0]}/erasure/", {"reason": "asked", "now": True}
    refused = await client.post(path, json=body, headers=STAFF)
    assert (refused.status_code, refused.json()["code"]) == (409, "open_obligations")
    assert refused.json()["obligations"] == named
    assert await asked(app) == []


async def test_credits_that_are_given_up_are_not_waited_for_and_others_are(app, client, payments, zoe):
    payments.state.results = [{"code": code, "count": 1} for code in ("bought_credits", "unpaid_order")]
    answer = await client.post(OWN, json={"forfeit_credits": True}, headers=zoe[1])
    assert [one["code"] for one in answer.json()["obligations"]] == ["unpaid_order"]
    await a_week_later(app)
    assert await asked(app) == []
    payments.state.results = [{"code": "bought_credits", "count": 1}]
    await look_again(app)
    await erasures_end(app)
    assert await asked(app) == [UserDeactivated, ErasureRequested]
    [event] = [one for one in await events_of(app.state.runtime) if isinstance(one, ErasureRequested)]
    assert event.forfeit_credits


async def test_a_service_that_does_not_answer_is_waited_for(app, client, payments, zoe):
    payments.state.status = 503
    assert (await client.get(PREVIEW, headers=zoe[1])).status_code == 503
    assert (await client.post(OWN, headers=zoe[1])).status_code == 503
    payments.state.status = 200
    assert (await client.post(OWN, headers=zoe[1])).status_code == 202
    payments.state.status = 503
    await a_week_later(app)
    assert (await client.get(OWN, headers=zoe[1])).json()["status"] == "waiting"
    assert await asked(app) == []


async def test_what_is_opened_while_the_account_is_closed_is_settled_before_anything_is_erased(
    app, client, payments, zoe
):
    await client.post(OWN, headers=zoe[1])
    app.state.runtime.clock.advance(timedelta(days=8))
    await run_jobs(app)
    assert await asked(app) == [UserDeactivated]
    payments.state.results = [{"code": "bought_credits", "count": 1}]
    await erasures_end(app)
    [listed] = (await client.get("/api/v1/admin/privacy/erasures/", headers=STAFF)).json()["results"]
    assert (listed["status"], listed["obligations"]) == (
        "erasing",
        [{"service": "payments", "code": "bought_credits", "count": 1}],
    )
    assert {one["name"]: one["done_at"] for one in listed["services"]} == {"identity": None, "payments": None}
    assert await asked(app) == [UserDeactivated]
    payments.state.status = 503
    await erasures_end(app)
    payments.state.results, payments.state.status = [], 200
    await erasures_end(app)
    assert await asked(app) == [UserDeactivated, ErasureRequested]


async def look_again(app: Any) -> None:
    """The pause between two looks is over."""
    async with app.state.runtime.db.autocommit() as session:
        await session.execute(update(Erasure).values(next_try_at=machine_now()))
