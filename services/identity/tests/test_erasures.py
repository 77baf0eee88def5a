"""Erasure of accounts: asked for, cancelled, begun, proven."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text, update

from devtools.testing.callers import headers_for, service_headers
from devtools.testing.delivery import deliver, events_of, run_jobs
from services.identity.accounts.models import User
from services.identity.erasures.models import Erasure
from services.identity.tests.conftest import CONFIRMED, PASSWORD, erasures_end, execute, registration
from services.identity.tests.test_addresses import stale_token
from shared.auth.permissions import Role
from shared.events.identity import (
    ErasureCancelled,
    ErasureRequested,
    ErasureScheduled,
    MailTokenIssued,
    UserDeactivated,
    UserUpdated,
)
from shared.records.clock import machine_now
from shared.records.ids import new_id

OWN, PREVIEW, CANCEL = (f"/api/v1/auth/user/erasure/{end}" for end in ("", "preview/", "cancel/"))
STAFF = headers_for(new_id(), (Role.USER, Role.STAFF)) | CONFIRMED
MARK = "Zqxmark"


@pytest.fixture
async def zoe(client):
    """Somebody whose every field has the mark."""
    body = registration(f"{MARK}@example.com", first_name=MARK, last_name=MARK)
    pair = (await client.post("/api/v1/auth/register/", json=body)).json()
    own = headers_for(UUID(pair["user"]["id"]))
    profile = {"bio": MARK, "location": MARK, "preferences": {"theme": MARK}}
    assert (await client.put("/api/v1/auth/user/", json=profile, headers=own)).status_code == 200
    return pair["user"]["id"], own


async def places(app: Any, word: str) -> set[str]:
    """The tables of identity that hold the word, stored answers and events included."""
    async with app.state.runtime.db.read() as session:
        tables = await session.scalars(text("select tablename from pg_tables where schemaname = 'identity'"))
        sql = "select exists (select from identity.{} t where position(lower(:word) in lower(t::text)) > 0)"
        return {name for name in tables if await session.scalar(text(sql.format(name)), {"word": word})}


class TestOwn:
    async def test_preview_says_when_and_what_is_open(self, app, client, zoe):
        shown = (await client.get(PREVIEW, headers=zoe[1])).json()
        assert shown == {"erases_at": "2026-12-08T08:00:00Z", "obligations": []}

    async def test_without_one_it_is_404(self, client, zoe):
        for answer in (await client.get(OWN, headers=zoe[1]), await client.post(CANCEL, headers=zoe[1])):
            assert answer.status_code == 404

    async def test_asking_again_is_the_same_and_credits_can_still_be_given_up(self, app, client, zoe):
        first = await client.post(OWN, headers=zoe[1])
        assert (first.status_code, first.json()["status"]) == (202, "waiting")
        again = await client.post(OWN, json={"forfeit_credits": True}, headers=zoe[1])
        assert again.json() == first.json() == (await client.get(OWN, headers=zoe[1])).json()
        asked = [event for event in await events_of(app.state.runtime) if isinstance(event, ErasureScheduled)]
        assert len(asked) == 1

    async def test_the_last_superuser_stays(self, app, client, zoe, superusers):
        await execute(app, update(User).where(User.id == UUID(zoe[0])).values(is_superuser=True))
        assert (await client.post(OWN, headers=zoe[1])).json()["code"] == "last_superuser"
        [(other, _)] = await superusers(1)
        assert (await client.post(OWN, headers=zoe[1])).status_code == 202
        await execute(app, update(User).where(User.id == UUID(other)).values(deactivated_at=machine_now()))
        app.state.runtime.clock.advance(timedelta(days=8))
        await run_jobs(app)
        assert (await client.get(OWN, headers=zoe[1])).json()["status"] == "waiting"
        await execute(app, update(User).where(User.id == UUID(other)).values(deactivated_at=None))
        await execute(app, update(Erasure).values(next_try_at=machine_now()))
        await erasures_end(app)
        assert any(isinstance(event, ErasureRequested) for event in await events_of(app.state.runtime))

    async def test_needs_a_sign_in_of_late(self, client, zoe):
        stale = {"Authorization": f"Bearer {stale_token({'user': {'id': zoe[0]}})}"}
        assert (await client.post(OWN, headers=stale)).json()["code"] == "step_up_required"

    @pytest.mark.parametrize("bad", [{"forfeit_credits": "perhaps"}, {"no": 1}])
    async def test_bad_bodies_are_refused(self, client, zoe, bad):
        assert (await client.post(OWN, json=bad, headers=zoe[1])).status_code == 422

    async def test_it_can_be_cancelled_until_it_begins(self, app, client, zoe):
        await client.post(OWN, headers=zoe[1])
        for _ in range(2):
            assert (await client.post(CANCEL, headers=zoe[1])).json()["status"] == "cancelled"
        app.state.runtime.clock.advance(timedelta(days=8))
        await erasures_end(app)
        assert (await client.get(OWN, headers=zoe[1])).json()["status"] == "cancelled"
        cancelled = [event for event in await events_of(app.state.runtime) if isinstance(event, ErasureCancelled)]
        assert len(cancelled) == 1
        anew = await client.post(OWN, headers=zoe[1])
        assert (anew.status_code, anew.json()["status"]) == (202, "waiting")

    async def test_the_account_is_usable_until_it_begins_and_then_gone(self, app, client, zoe):
        await client.post(OWN, headers=zoe[1])
        app.state.runtime.clock.advance(timedelta(days=6))
        await erasures_end(app)
        assert (await client.get("/api/v1/auth/user/", headers=zoe[1])).status_code == 200
        app.state.runtime.clock.advance(timedelta(days=2))
        await run_jobs(app)
        login = {"email": f"{MARK}@example.com", "password": PASSWORD}
        assert (await client.post("/api/v1/auth/login/", json=login)).json()["code"] == "invalid_credentials"
        assert (await client.post(CANCEL, headers=zoe[1])).status_code in {401, 409}


class TestDone:
    async def erased(self, app: Any, client: Any, zoe: Any) -> dict[str, Any]:
        await client.post(OWN, headers=zoe[1])
        app.state.runtime.clock.advance(timedelta(days=8))
        await erasures_end(app)
        [proof] = (await client.get("/api/v1/admin/privacy/erasures/", headers=STAFF)).json()["results"]
        return proof

    async def test_no_table_holds_the_mark_and_the_address_is_free(self, app, client, zoe):
        assert "users" in await places(app, MARK)
        proof = await self.erased(app, client, zoe)
        assert proof["status"] == "done"
        async with app.state.runtime.db.transaction() as session:
            await session.execute(text("delete from identity.outbox where sent_at is not null"))
        assert await places(app, MARK) == set()
        again = await client.post("/api/v1/auth/register/", json=registration(f"{MARK}@example.com"))
        assert again.status_code == 201

    async def test_the_proof_counts_rows_and_says_what_stays(self, app, client, zoe):
        proof = await self.erased(app, client, zoe)
        [one] = proof["services"]
        assert (one["name"], one["erased"]["users"] >= 1) == ("identity", True)
        assert {"sign_in_sessions", "users"} <= set(one["erased"])
        assert any("erasures" in kept["what"] for kept in one["kept"])
        shown = await client.get(f"/api/v1/admin/privacy/erasures/{proof['id']}/", headers=STAFF)
        assert shown.json() == proof

    async def test_one_last_mail_whose_address_lies_sealed(self, app, client, zoe):
        await self.erased(app, client, zoe)
        [*_, mail] = [event for event in await events_of(app.state.runtime) if isinstance(event, MailTokenIssued)]
        assert mail.kind == "account_erased"
        shown = await client.get(
            f"/internal/mail-tokens/{mail.mail_token_id}/", headers=service_headers("notifications")
        )
        assert (shown.json()["address"], shown.json()["first_name"]) == (f"{MARK}@example.com", MARK)
        assert "mail_tokens" not in await places(app, MARK)

    async def test_a_late_event_brings_nothing_back(self, app, client, zoe):
        await self.erased(app, client, zoe)
        late = UserUpdated(user_id=UUID(zoe[0]), email="x@example.com", first_name=MARK, last_name=MARK, timezone=None)
        assert late.without({UUID(zoe[0])}) is None

    async def test_again_it_answers_again_and_the_proof_stays(self, app, client, zoe):
        proof = await self.erased(app, client, zoe)
        asked = [event for event in await events_of(app.state.runtime) if isinstance(event, ErasureRequested)]
        assert await deliver(app, asked[0])
        await erasures_end(app)
        [again] = (await client.get("/api/v1/admin/privacy/erasures/", headers=STAFF)).json()["results"]
        assert again == proof

    async def test_each_step_happens_once(self, app, client, zoe):
        await self.erased(app, client, zoe)
        await erasures_end(app)
        events = await events_of(app.state.runtime)
        for kind in (UserDeactivated, ErasureRequested):
            assert len([event for event in events if isinstance(event, kind)]) == 1


class TestStaff:
    def path(self, user_id: str) -> str:
        return f"/api/v1/admin/users/{user_id}/erasure/"

    async def test_at_once_and_audited(self, app, client, zoe):
        answer = await client.post(self.path(zoe[0]), json={"reason": "asked by mail", "now": True}, headers=STAFF)
        assert (answer.status_code, answer.json()["status"]) == (202, "waiting")
        assert "Audit-Id" in answer.headers
        await erasures_end(app)
        listed = (await client.get("/api/v1/admin/privacy/erasures/?status=done", headers=STAFF)).json()
        assert [one["id"] for one in listed["results"]] == [answer.json()["id"]]

    async def test_later_the_person_can_still_cancel(self, client, zoe):
        await client.post(self.path(zoe[0]), json={"reason": "asked by mail"}, headers=STAFF)
        assert (await client.get(OWN, headers=zoe[1])).json()["erases_at"] == "2026-12-08T08:00:00Z"
        assert (await client.post(CANCEL, headers=zoe[1])).json()["status"] == "cancelled"

    async def test_refusals(self, client, zoe):
        body = {"reason": "asked"}
        assert (await client.post(self.path(str(new_id())), json=body, headers=STAFF)).status_code == 404
        assert (await client.post(self.path(zoe[0]), json={}, headers=STAFF)).status_code == 422
        unconfirmed = headers_for(new_id(), (Role.USER, Role.STAFF))
        assert (await client.post(self.path(zoe[0]), json=body, headers=unconfirmed)).status_code == 428
        assert (await client.post(self.path(zoe[0]), json=body, headers=zoe[1])).status_code == 403
        assert (await client.get("/api/v1/admin/privacy/erasures/", headers=zoe[1])).status_code == 403
        assert (await client.get(f"/api/v1/admin/privacy/erasures/{new_id()}/", headers=STAFF)).status_code == 404
