"""How long what is kept, and that it is deleted by age, as staff see it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from devtools.testing.callers import headers_for
from devtools.testing.delivery import run_jobs
from services.identity.consents.models import Consent
from services.identity.sessions.domain import EndReason
from services.identity.sessions.models import SignInSession
from services.identity.tests.conftest import CONFIRMED, registration
from shared.auth.permissions import Role
from shared.records.clock import machine_now
from shared.records.ids import new_id
from shared.work.worker import Worker

URL = "/api/v1/admin/privacy/retention/"
STAFF = headers_for(new_id(), (Role.USER, Role.STAFF)) | CONFIRMED


async def terms(client: Any) -> dict[str, dict[str, Any]]:
    answer = await client.get(URL, headers=STAFF)
    assert answer.status_code == 200, answer.text
    return {one["what"]: one for one in answer.json()["results"]}


async def test_each_term_says_when_it_was_last_applied_and_to_how_many_rows(app, client):
    for name in "ada", "eve":
        await client.post("/api/v1/auth/register/", json=registration(f"{name}@example.com"))
    async with app.state.runtime.db.autocommit() as session:
        long_ago = machine_now() - timedelta(days=31)
        await session.execute(update(SignInSession).values(ended_at=long_ago, end_reason=EndReason.LOGOUT))
    await run_jobs(app)
    found = (await terms(client))["sign_in_sessions"]
    assert (found["service"], found["keeps"], found["last_count"]) == ("identity", "30 days after their end", 2)
    assert found["last_run_at"] is not None
    await run_jobs(app)
    assert (await terms(client))["sign_in_sessions"]["last_count"] == 0


async def test_decisions_go_three_years_after_their_account_was_closed_and_not_before(app, client):
    ids = {}
    for name in "ada", "eve":
        made = await client.post("/api/v1/auth/register/", json=registration(f"{name}@example.com"))
        ids[name] = UUID(made.json()["user"]["id"])
        wish = {"purpose": "marketing_email", "version": 1, "decision": "given"}
        await client.post("/api/v1/consents/", json=wish, headers=headers_for(ids[name]))
    gone = await client.post("/api/v1/auth/user/deactivate/", json={}, headers=headers_for(ids["ada"]))
    assert gone.status_code == 204
    for days, left in (3 * 365, {*ids.values()}), (2, {ids["eve"]}):
        app.state.runtime.clock.advance(timedelta(days=days))
        await app.state.jobs["prune_consents"].run(app.state.runtime)
        async with app.state.runtime.db.read() as session:
            assert set(await session.scalars(select(Consent.user_id))) == left
    found = (await terms(client))["consents"]
    assert (found["keeps"], found["last_count"]) == ("3 years after the account's end", 1)


async def test_what_nothing_deletes_by_age_is_listed_too(client):
    found = await terms(client)
    [kept] = [one for what, one in found.items() if "erasure_answers" in what]
    assert (kept["keeps"], kept["last_run_at"], kept["last_count"]) == ("for good", None, None)


async def test_the_tables_of_every_schema_have_their_terms(app, client):
    worker = Worker(app)
    for name in ("prune_outbox", "prune_inbox", "prune_idempotency"):
        await worker.jobs[name].run(app.state.runtime)
    found = await terms(client)
    assert [found[name]["keeps"] for name in ("outbox", "inbox", "idempotency")] == [
        "a day after it was sent",
        "30 days",
        "30 days",
    ]


@pytest.mark.parametrize("roles", [(Role.USER,), (Role.USER, Role.PRACTITIONER)])
async def test_it_is_for_staff(client, roles):
    assert (await client.get(URL, headers=headers_for(new_id(), roles))).status_code == 403
    assert (await client.get(URL)).status_code == 401
