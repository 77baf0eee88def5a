"""Accounts that staff look for, suspend and restore."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from devtools.testing.callers import headers_for, service_headers
from devtools.testing.delivery import events_of
from services.identity.accounts.models import User
from services.identity.tests.conftest import CONFIRMED, PASSWORD, registration
from services.identity.tests.test_staff import audit
from shared.auth.verification import EDGE_CHANGED
from shared.events.identity import SessionRevoked, UserRestored, UserSuspended
from shared.messaging.bus import Hint
from shared.records.ids import new_id

USERS = "/api/v1/admin/users/"
REASON = {"reason": "Chargebacks."}
STAFF = headers_for(roles=("user", "staff")) | CONFIRMED


@pytest.fixture
def act(client, ada):
    """`await act("suspend")`: the answer to staff, about Ada unless another is named."""

    async def call(verb: str, user_id: str = "", headers: dict[str, str] = STAFF, **body: Any) -> Any:
        path = f"{USERS}{user_id or ada['user']['id']}/{verb}/"
        return await client.post(path, json=body or REASON, headers=headers)

    return call


@pytest.fixture
def login(client):
    async def call(password: str = PASSWORD) -> tuple[int, str]:
        answer = await client.post("/api/v1/auth/login/", json={"email": "ada@example.com", "password": password})
        return answer.status_code, answer.json().get("code", "")

    return call


class TestSuspend:
    async def test_sessions_end_and_a_sign_in_with_the_right_password_is_told_why(self, app, client, ada, act, login):
        hints: list[Hint] = []
        app.state.runtime.bus.listen(EDGE_CHANGED, hints.append)
        answer = await act("suspend")
        assert (answer.status_code, answer.json()["status"]) == (200, "suspended")
        assert answer.json()["suspended_at"] is not None
        assert await login() == (403, "account_suspended")
        assert await login("another password") == (401, "invalid_credentials")
        refreshed = await client.post("/api/v1/auth/token/refresh/", json={"refresh_token": ada["refresh_token"]})
        assert refreshed.json()["code"] == "refresh_invalid"
        [ended] = [event for event in await events_of(app.state.runtime) if isinstance(event, SessionRevoked)]
        assert (ended.reason, hints) == ("suspended", [{"ended_sessions": [str(ended.session_id)]}])

    async def test_restored_it_is_as_before(self, app, act, login, ada):
        practitioner_id = new_id()
        async with app.state.runtime.db.transaction() as session:
            await session.execute(update(User).values(practitioner_id=practitioner_id))
        await act("suspend")
        answer = await act("restore")
        assert (answer.status_code, answer.json()["status"], answer.json()["suspended_at"]) == (200, "active", None)
        assert (await login())[0] == 200
        published = [
            event for event in await events_of(app.state.runtime) if isinstance(event, UserSuspended | UserRestored)
        ]
        user_id = UUID(ada["user"]["id"])
        assert published == [
            UserSuspended(user_id=user_id, practitioner_id=practitioner_id),
            UserRestored(user_id=user_id, practitioner_id=practitioner_id),
        ]

    async def test_a_step_that_the_state_forbids_is_409(self, act):
        answers = [await act(verb) for verb in ("restore", "suspend", "suspend", "restore", "deactivate", "suspend")]
        assert [answer.status_code for answer in answers] == [409, 200, 409, 200, 200, 409]
        assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"illegal_transition"}

    async def test_of_twenty_at_once_one_suspends(self, app, act):
        answers = await asyncio.gather(*(act("suspend") for _ in range(20)))
        assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 19}
        assert len(await audit(app)) == 1

    async def test_a_suspended_account_can_be_closed(self, act, login):
        await act("suspend")
        assert (await act("deactivate")).status_code == 200
        assert await login() == (401, "invalid_credentials")

    async def test_both_are_audited_with_their_reason(self, app, act):
        await act("suspend")
        answer = await act("restore", reason="Cleared.")
        rows = [(row.action, row.before, row.after, row.reason) for row in await audit(app)]
        assert rows == [
            ("user.suspend", {"status": "active"}, {"status": "suspended"}, "Chargebacks."),
            ("user.restore", {"status": "suspended"}, {"status": "active"}, "Cleared."),
        ]
        assert answer.headers["audit-id"]

    @pytest.mark.parametrize("body", [{"reason": " "}, {"reason": "a" * 1001}, {"why": "x"}, {"reason": 1}])
    async def test_bad_input_is_422(self, act, body):
        assert (await act("suspend", **body)).status_code == 422

    async def test_who_is_refused(self, client, act, ada):
        path = f"{USERS}{ada['user']['id']}/suspend/"
        assert (await client.post(path, json=REASON)).status_code == 401
        for role in ("practitioner", "support", "marketing", "partner"):
            assert (await act("suspend", headers=headers_for(roles=("user", role)))).json()["code"] == "staff_required"
        unconfirmed = headers_for(roles=("user", "staff"))
        assert (await act("suspend", headers=unconfirmed)).json()["code"] == "confirmation_required"
        assert (await act("suspend", str(new_id()))).status_code == 404

    async def test_of_staff_superusers_decide_and_not_about_themselves_or_the_last(self, act, superusers):
        (first, one), (second, other) = await superusers(2)
        assert (await act("suspend", first)).json()["code"] == "superuser_required"
        assert (await act("suspend", first, one)).json()["code"] == "own_account"
        assert (await act("suspend", second, one)).status_code == 200
        assert (await act("suspend", first, other)).json()["code"] == "last_superuser"

    async def test_two_superusers_at_once_do_not_suspend_each_other(self, act, superusers):
        (first, one), (second, other) = await superusers(2)
        answers = await asyncio.gather(act("suspend", second, one), act("suspend", first, other))
        assert sorted(answer.status_code for answer in answers) == [200, 409]


class TestLookUp:
    @pytest.fixture
    async def people(self, app, client, ada) -> None:
        for name in ("grace", "mary"):
            body = registration(f"{name}@example.org") | {"first_name": name.title(), "last_name": "Hopper_100%"}
            assert (await client.post("/api/v1/auth/register/", json=body)).status_code == 201
        async with app.state.runtime.db.transaction() as session:
            mary = update(User).where(User.first_name == "Mary")
            await session.execute(mary.values(granted_roles=["support"], practitioner_id=new_id()))

    async def find(self, client, query: str, roles=("user", "support")) -> list[str]:
        answer = await client.get(f"{USERS}{query}", headers=headers_for(roles=roles))
        assert answer.status_code == 200, answer.text
        return [one["first_name"] for one in answer.json()["results"]]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("", ["Mary", "Grace", "Ada"]),
            ("?search=GRACE@", ["Grace"]),
            ("?search=mary hop", ["Mary"]),
            ("?search=_100%25", ["Mary", "Grace"]),
            ("?search=example.___", []),
            ("?role=user", ["Mary", "Grace", "Ada"]),
            ("?role=support", ["Mary"]),
            ("?role=practitioner", ["Mary"]),
            ("?role=staff", []),
            ("?status=active", ["Mary", "Grace", "Ada"]),
            ("?status=suspended", []),
            ("?ordering=email", ["Ada", "Grace", "Mary"]),
            ("?limit=1&offset=1", ["Grace"]),
        ],
    )
    async def test_by_text_role_and_status(self, client, people, query, found):
        assert await self.find(client, query) == found

    async def test_by_status_after_staff_acted(self, client, act, people):
        await act("suspend")
        assert await self.find(client, "?status=suspended") == ["Ada"]
        await act("deactivate")
        assert await self.find(client, "?status=suspended") == []
        assert await self.find(client, "?status=deactivated") == ["Ada"]

    @pytest.mark.parametrize("query", ["?role=king", "?status=gone", "?ordering=password_hash", "?limit=0"])
    async def test_what_a_list_has_not_is_422(self, client, query):
        assert (await client.get(f"{USERS}{query}", headers=STAFF)).status_code == 422

    async def test_one_shows_no_secret(self, client, ada):
        shown = await client.get(f"{USERS}{ada['user']['id']}/", headers=STAFF)
        body = shown.json()
        assert (body["email"], body["roles"], body["has_password"]) == ("ada@example.com", ["user"], True)
        assert not {"password_hash", "preferences", "bio"} & set(body)

    async def test_is_for_staff_and_support(self, client, ada):
        for path in (USERS, f"{USERS}{ada['user']['id']}/"):
            assert (await client.get(path)).status_code == 401
            for role in ("practitioner", "marketing", "partner"):
                assert (await client.get(path, headers=headers_for(roles=("user", role)))).status_code == 403
        assert (await client.get(f"{USERS}{new_id()}/", headers=STAFF)).status_code == 404
        assert (await client.get(f"{USERS}me/", headers=STAFF)).status_code == 404

    async def test_other_services_still_know_a_suspended_account(self, client, act, ada):
        await act("suspend")
        path = f"/internal/users/{ada['user']['id']}/"
        assert (await client.get(path, headers=service_headers("booking"))).status_code == 200
