from uuid import UUID

import pytest

from devtools.testing.delivery import deliver, deliver_twice, events_of
from devtools.testing.events import verification
from shared.auth.permissions import Permission
from shared.events.identity import SessionRevoked
from shared.records.ids import new_id


def decided(user, practitioner_id, status="approved", version=2):
    return verification(practitioner_id, UUID(user["id"]), status, version, "Ada")


@pytest.fixture
def who_am_i(client, ada):
    async def ask():
        answer = await client.post(
            "/api/v1/auth/login/", json={"email": "ada@example.com", "password": "correct horse"}
        )
        return answer.json()["user"]

    return ask


class TestPractitionerVerificationChanged:
    async def test_approval_gives_the_role_from_the_next_token_on(self, app, client, ada, who_am_i, verifier):
        practitioner_id = new_id()
        await deliver_twice(app, decided(ada["user"], practitioner_id))
        assert await who_am_i() == {
            **ada["user"],
            "roles": ["user", "practitioner"],
            "practitioner_id": str(practitioner_id),
        }
        body = {"refresh_token": ada["refresh_token"]}
        pair = (await client.post("/api/v1/auth/token/refresh/", json=body)).json()
        who = await verifier.user(pair["access_token"])
        assert (who.may(Permission.READ_EARNINGS), who.practitioner_id) == (True, practitioner_id)

    @pytest.mark.parametrize("status", ["needs_changes", "rejected", "pending"])
    async def test_any_other_decision_takes_it(self, app, ada, who_am_i, status):
        practitioner_id = new_id()
        await deliver(app, decided(ada["user"], practitioner_id))
        await deliver_twice(app, decided(ada["user"], practitioner_id, status, version=3))
        assert await who_am_i() == ada["user"]

    async def test_an_older_report_changes_nothing(self, app, ada, who_am_i):
        practitioner_id = new_id()
        await deliver(app, decided(ada["user"], practitioner_id, version=3))
        await deliver_twice(app, decided(ada["user"], practitioner_id, "needs_changes", version=2))
        assert "practitioner" in (await who_am_i())["roles"]

    async def test_a_role_that_is_taken_ends_the_sessions_once(self, app, client, ada):
        practitioner_id = new_id()
        await deliver(app, decided(ada["user"], practitioner_id))
        assert not [event for event in await events_of(app.state.runtime) if isinstance(event, SessionRevoked)]
        await deliver_twice(app, decided(ada["user"], practitioner_id, "rejected", version=3))
        ended = [event for event in await events_of(app.state.runtime) if isinstance(event, SessionRevoked)]
        assert [event.reason for event in ended] == ["role_taken"]
        answer = await client.post("/api/v1/auth/token/refresh/", json={"refresh_token": ada["refresh_token"]})
        assert answer.json()["code"] == "refresh_invalid"
