"""API keys: made and ended by their owner, exchanged by the gateway, narrower than who has them."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from devtools.testing.callers import headers_for, service_headers, token_for
from devtools.testing.delivery import deliver, run_jobs
from services.identity.accounts.models import User
from services.identity.api_keys.models import ApiKey
from services.identity.sessions.models import SignInSession
from services.identity.tests.conftest import CONFIRMED, PASSWORD, bearer, registration
from shared.auth.token_signing import Narrowing
from shared.auth.verification import EDGE_CHANGED
from shared.errors import StepUpRequired, Unauthenticated
from shared.events.catalog import PractitionerVerificationChanged
from shared.messaging.bus import Hint
from shared.records.clock import machine_now
from shared.records.ids import new_id

PATH = "/api/v1/auth/api-keys/"
SCOPES = ["bookings.read", "payments.read"]


@pytest.fixture
async def maya(signing_app, own) -> dict[str, Any]:
    """The pair of a verified practitioner, who signed in after she became one."""
    pair = (await own.post("/api/v1/auth/register/", json=registration("maya@example.com"))).json()
    await practise(signing_app, pair["user"]["id"])
    login = {"email": "maya@example.com", "password": PASSWORD}
    return (await own.post("/api/v1/auth/login/", json=login)).json()


async def practise(app: Any, user_id: str, status: str = "approved", version: int = 1) -> None:
    event = PractitionerVerificationChanged(
        practitioner_id=new_id(), user_id=UUID(user_id), verification_status=status, version=version,
        display_name="Maya", note=None, timezone="UTC",
    )  # fmt: skip
    await deliver(app, event)


@pytest.fixture
def make(own, maya):
    """`await make(scopes=[...])`: the answer to Maya's wish for a key."""

    async def call(**given: Any) -> Any:
        body = {"name": "Website", "scopes": SCOPES, **given}
        return await own.post(PATH, json=body, headers=bearer(maya))

    return call


@pytest.fixture
def exchange(own):
    async def call(key: str) -> Any:
        return await own.post("/internal/api-keys/exchange/", json={"key": key}, headers=service_headers("gateway"))

    return call


class TestMake:
    async def test_the_key_is_shown_once_and_kept_nowhere(self, signing_app, own, make, maya):
        made = await make()
        assert made.status_code == 201
        key = made.json()["key"]
        assert key.startswith("est_")
        [listed] = (await own.get(PATH, headers=bearer(maya))).json()["results"]
        assert listed == {name: value for name, value in made.json().items() if name != "key"}
        assert (listed["name"], listed["scopes"], listed["last_used_at"]) == ("Website", SCOPES, None)
        async with signing_app.state.runtime.db.read() as session:
            stored = (await session.execute(select(ApiKey.__table__))).one()
        assert key not in str(stored)

    async def test_an_idempotency_key_is_ignored_so_that_no_answer_is_stored(self, signing_app, own, maya):
        headers = bearer(maya) | {"Idempotency-Key": "k"}
        answers = [await own.post(PATH, json={"name": "a", "scopes": SCOPES}, headers=headers) for _ in range(2)]
        assert answers[0].json()["key"] != answers[1].json()["key"]
        table = signing_app.state.runtime.db.system_tables.idempotency
        async with signing_app.state.runtime.db.read() as session:
            assert await session.scalar(select(func.count()).select_from(table)) == 0

    @pytest.mark.parametrize(
        ("given", "field", "code"),
        [
            ({"scopes": ["bookings.read", "records.read"]}, "scopes.1", "scope_not_allowed"),
            ({"scopes": ["admin.payments.read"]}, "scopes.0", "scope_not_allowed"),
            ({"scopes": ["session"]}, "scopes.0", "scope_not_allowed"),
            ({"scopes": ["bookings.*"]}, "scopes.0", "scope_not_allowed"),
            ({"scopes": []}, "scopes", "too_short"),
            ({"scopes": "bookings.read"}, "scopes", "list_type"),
            ({"name": " "}, "name", "too_short"),
            ({"name": "a" * 101}, "name", "too_long"),
            ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at", "expiry_passed"),
            ({"expires_at": "tomorrow"}, "expires_at", None),
            ({"user_id": str(new_id())}, "user_id", "extra_forbidden"),
        ],
    )
    async def test_bad_input_names_the_field(self, make, given, field, code):
        answer = await make(**given)
        [error] = answer.json()["errors"]
        assert (answer.status_code, error["field"]) == (422, field)
        assert code in (None, error["code"])

    async def test_is_for_practitioners_and_partners_who_signed_in_lately(self, own, ada, maya):
        body = {"name": "a", "scopes": SCOPES}
        narrow = {"Authorization": f"Bearer {token_for(narrowing=Narrowing(['account.write', 'account.read']))}"}
        refusals = [
            (await own.post(PATH, json=body)).json()["code"],
            (await own.post(PATH, json=body, headers=bearer(ada))).json()["code"],
        ]
        assert refusals == ["unauthenticated", "practitioner_required"]
        assert (await own.post(PATH, json=body, headers=narrow)).status_code == 401  # signed by another key

    async def test_an_old_proof_is_not_enough(self, signing_app, own, maya):
        async with signing_app.state.runtime.db.transaction() as session:
            past = machine_now() - timedelta(hours=1)
            await session.execute(update(SignInSession).values(authenticated_at=past))
        token = {"refresh_token": maya["refresh_token"]}
        pair = (await own.post("/api/v1/auth/token/refresh/", json=token)).json()
        answer = await own.post(PATH, json={"name": "a", "scopes": SCOPES}, headers=bearer(pair))
        assert (answer.status_code, answer.json()["code"]) == (403, "step_up_required")
        ended = await own.delete(f"{PATH}{new_id()}/", headers=bearer(pair))
        assert ended.json()["code"] == "step_up_required"

    async def test_of_fifty_at_once_one_is_the_twentieth(self, own, make, maya):
        assert {(await make()).status_code for _ in range(19)} == {201}
        answers = await asyncio.gather(*(make() for _ in range(50)))
        assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 49}
        assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"limit_reached"}
        [first, *_] = (await own.get(PATH, headers=bearer(maya))).json()["results"]
        assert (await own.delete(f"{PATH}{first['id']}/", headers=bearer(maya))).status_code == 204
        assert (await make()).status_code == 201

    async def test_the_list_comes_in_pages_newest_first(self, own, make, maya):
        for name in ("b", "a", "c"):
            assert (await make(name=name)).status_code == 201
        pages = [
            (await own.get(f"{PATH}?limit=2&{more}", headers=bearer(maya))).json()
            for more in ("", "offset=2", "ordering=name")
        ]
        assert ["".join(key["name"] for key in page["results"]) for page in pages] == ["ca", "b", "ab"]
        assert [(page["total"], page["limit"], page["has_more"]) for page in pages] == [
            (3, 2, True),
            (3, 2, False),
            (3, 2, True),
        ]

    async def test_the_owner_learns_of_it_by_mail(self, app, make, mails):
        await make()
        assert len(await mails("api_key_made")) == 1


class TestExchange:
    async def test_the_token_is_narrowed_short_and_says_whose_key_it_was(self, make, exchange, verifier, maya):
        made = (await make()).json()
        answer = (await exchange(made["key"])).json()
        caller = await verifier.user(answer["access_token"])
        assert answer["expires_in"] == 300
        assert (caller.user_id, caller.scopes) == (UUID(maya["user"]["id"]), frozenset(SCOPES))
        assert (caller.client_id, caller.is_fresh) == (made["id"], False)
        again = await verifier.user((await exchange(made["key"])).json()["access_token"])
        assert again.session_id == caller.session_id

    async def test_is_for_services_alone(self, own, make, maya):
        key = (await make()).json()["key"]
        path = "/internal/api-keys/exchange/"
        assert (await own.post(path, json={"key": key})).status_code == 401
        assert (await own.post(path, json={"key": key}, headers=bearer(maya))).status_code == 401

    @pytest.mark.parametrize("key", ["est_" + "a" * 43, "", "est_", "\x00"])
    async def test_a_key_that_nobody_has_opens_nothing(self, exchange, key):
        assert (await exchange(key)).status_code == 404

    async def test_straight_at_a_service_a_key_is_no_token(self, own, make):
        key = (await make()).json()["key"]
        answer = await own.get("/api/v1/auth/user/", headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == 401

    async def test_an_expired_one_opens_nothing_and_its_token_lives_no_longer(self, signing_app, make, exchange):
        soon = machine_now() + timedelta(seconds=100)
        key = (await make(expires_at=soon.isoformat())).json()["key"]
        assert 90 <= (await exchange(key)).json()["expires_in"] <= 100
        async with signing_app.state.runtime.db.transaction() as session:
            await session.execute(update(ApiKey).values(expires_at=machine_now() - timedelta(seconds=1)))
        assert (await exchange(key)).status_code == 404

    async def test_where_a_second_factor_is_on_a_key_has_not_used_it(self, signing_app, make, exchange, verifier):
        key = (await make()).json()["key"]
        async with signing_app.state.runtime.db.transaction() as session:
            await session.execute(update(User).values(second_factors=["totp"]))
        caller = await verifier.user((await exchange(key)).json()["access_token"])
        with pytest.raises(StepUpRequired) as refused:
            caller.demand_fresh_factor()
        assert refused.value.methods == ["totp"]

    async def test_many_at_once_share_a_session(self, signing_app, make, exchange):
        key = (await make()).json()["key"]
        answers = await asyncio.gather(*(exchange(key) for _ in range(20)))
        assert {answer.status_code for answer in answers} == {200}
        async with signing_app.state.runtime.db.read() as session:
            query = select(func.count()).where(SignInSession.kind == "api_key")
            assert await session.scalar(query) == 1

    async def test_it_is_seen_when_a_key_was_used(self, own, make, exchange, maya):
        await exchange((await make()).json()["key"])
        [listed] = (await own.get(PATH, headers=bearer(maya))).json()["results"]
        assert listed["last_used_at"] is not None

    async def test_its_session_is_none_that_the_person_sees(self, own, make, exchange, maya):
        key = (await make()).json()["key"]
        await exchange(key)
        listed = (await own.get("/api/v1/auth/sessions/", headers=bearer(maya))).json()["results"]
        assert {one["kind"] for one in listed} == {"sign_in"}
        ended = (await own.post("/api/v1/auth/sessions/end-others/", headers=bearer(maya))).json()
        assert ended == {"ended": 1}  # the one from before she was a practitioner


class TestEnd:
    async def test_its_tokens_are_refused_everywhere_and_it_opens_nothing(
        self, signing_app, own, make, exchange, verifier, maya, mails
    ):
        made = (await make()).json()
        token = (await exchange(made["key"])).json()["access_token"]
        session_id = (await verifier.user(token)).session_id
        hints: list[Hint] = []
        signing_app.state.runtime.bus.listen(EDGE_CHANGED, hints.append)
        assert (await own.delete(f"{PATH}{made['id']}/", headers=bearer(maya))).status_code == 204
        assert hints == [{"ended_sessions": [str(session_id)]}]
        edge = (await own.get("/internal/edge/", headers=service_headers("gateway"))).json()
        assert str(session_id) in edge["ended_sessions"]
        verifier.hear(hints[0])
        with pytest.raises(Unauthenticated):
            await verifier.user(token)
        assert (await exchange(made["key"])).status_code == 404
        assert (await own.get(PATH, headers=bearer(maya))).json()["results"] == []
        assert len(await mails("api_key_ended")) == 1

    async def test_again_or_anothers_is_404(self, signing_app, own, make, maya):
        made = (await make()).json()
        other = (await own.post("/api/v1/auth/register/", json=registration("noa@example.com"))).json()
        await practise(signing_app, other["user"]["id"])
        login = {"email": "noa@example.com", "password": PASSWORD}
        noa = (await own.post("/api/v1/auth/login/", json=login)).json()
        path = f"{PATH}{made['id']}/"
        answers = [await own.delete(path, headers=bearer(pair)) for pair in (noa, maya, maya)]
        assert [answer.status_code for answer in answers] == [404, 204, 404]


class TestTheOwnerChanges:
    async def test_with_the_role_the_key_is_lost_until_it_comes_back(self, signing_app, make, exchange, verifier, maya):
        key = (await make()).json()["key"]
        before = await verifier.user((await exchange(key)).json()["access_token"])
        await practise(signing_app, maya["user"]["id"], "rejected", 2)
        async with signing_app.state.runtime.db.read() as session:
            ended = (await session.scalars(select(SignInSession.id).where(SignInSession.ended_at.is_not(None)))).all()
        assert before.session_id in ended
        assert (await exchange(key)).status_code == 404
        await practise(signing_app, maya["user"]["id"], "approved", 3)
        after = await verifier.user((await exchange(key)).json()["access_token"])
        assert after.session_id != before.session_id

    async def test_of_a_closed_account_no_key_works(self, app, client, own, make, exchange, maya):
        key = (await make()).json()["key"]
        await exchange(key)
        path = f"/api/v1/admin/users/{maya['user']['id']}/deactivate/"
        staff = headers_for(roles=("user", "staff")) | CONFIRMED
        assert (await client.post(path, json={"reason": "Fraud."}, headers=staff)).status_code == 200
        assert (await exchange(key)).status_code == 404
        async with app.state.runtime.db.read() as session:
            good = select(func.count()).select_from(ApiKey).where(ApiKey.ended_at.is_(None))
            assert await session.scalar(good) == 0

    async def test_the_first_proof_of_an_address_ends_the_keys_from_before(
        self, signing_app, own, make, exchange, maya, tokens
    ):
        key = (await make()).json()["key"]
        await own.post("/api/v1/auth/password/reset/", json={"email": "maya@example.com"})
        await run_jobs(signing_app)
        [token] = await tokens("reset_password")
        body = {"token": token, "password": "another quiet river"}
        assert (await own.post("/api/v1/auth/password/reset/confirm/", json=body)).status_code == 204
        assert (await exchange(key)).status_code == 404

    async def test_a_later_reset_leaves_the_keys(self, signing_app, own, make, exchange, maya, tokens):
        key = (await make()).json()["key"]
        async with signing_app.state.runtime.db.transaction() as session:
            await session.execute(update(User).values(is_verified=True))
        await own.post("/api/v1/auth/password/reset/", json={"email": "maya@example.com"})
        await run_jobs(signing_app)
        [token] = await tokens("reset_password")
        body = {"token": token, "password": "another quiet river"}
        assert (await own.post("/api/v1/auth/password/reset/confirm/", json=body)).status_code == 204
        assert (await exchange(key)).status_code == 200
