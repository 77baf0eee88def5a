import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, text, update

from devtools.testing.callers import headers_for, service_headers
from devtools.testing.delivery import events_of, run_jobs
from services.identity.app import create_app
from services.identity.invariants import INVARIANTS
from services.identity.sessions.devices import device_of
from services.identity.sessions.models import RefreshToken, SignInSession
from services.identity.tests.conftest import registration
from shared.auth.verification import EDGE_CHANGED
from shared.errors import Unauthenticated
from shared.events.identity import SessionRevoked
from shared.messaging.bus import Hint
from shared.records.clock import machine_now
from shared.runtime import Runtime


@pytest.fixture
def refresh(client):
    return lambda token: client.post("/api/v1/auth/token/refresh/", json={"refresh_token": token})


async def execute(app, statement):
    async with app.state.runtime.db.transaction() as session:
        return await session.execute(statement)


async def age_tokens(app, by: timedelta):
    await execute(app, update(RefreshToken).values(used_at=RefreshToken.used_at - by))


async def revocations(app):
    return [event for event in await events_of(app.state.runtime) if isinstance(event, SessionRevoked)]


class TestRefresh:
    async def test_answers_a_new_pair(self, refresh, ada, verifier):
        answer = await refresh(ada["refresh_token"])
        assert (answer.status_code, answer.json()["user"]) == (200, ada["user"])
        assert answer.json()["refresh_token"] != ada["refresh_token"]
        old, new = [await verifier.user(pair["access_token"]) for pair in (ada, answer.json())]
        assert old.session_id == new.session_id

    async def test_an_unknown_token_is_401(self, refresh):
        answer = await refresh("never-issued")
        assert (answer.status_code, answer.json()["code"]) == (401, "refresh_invalid")

    async def test_an_access_token_is_no_refresh_token(self, refresh, ada):
        answer = await refresh(ada["access_token"])
        assert (answer.status_code, answer.json()["code"]) == (401, "refresh_invalid")

    async def test_fifty_parallel_uses_give_one_successor(self, app, refresh, ada):
        answers = await asyncio.gather(*(refresh(ada["refresh_token"]) for _ in range(50)))
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.json()["refresh_token"] for answer in answers}) == 1
        assert (await execute(app, select(func.count()).select_from(RefreshToken))).scalar() == 2

    async def test_a_repeat_within_the_grace_gives_the_same_successor(self, refresh, ada):
        first, again = await refresh(ada["refresh_token"]), await refresh(ada["refresh_token"])
        assert first.json()["refresh_token"] == again.json()["refresh_token"]
        assert (await refresh(again.json()["refresh_token"])).status_code == 200

    async def test_a_repeat_after_the_grace_ends_the_whole_family(self, app, refresh, ada):
        successor = (await refresh(ada["refresh_token"])).json()["refresh_token"]
        await age_tokens(app, timedelta(seconds=11))
        for token in (ada["refresh_token"], successor):
            answer = await refresh(token)
            assert (answer.status_code, answer.json()["code"]) == (401, "refresh_reused")

    async def test_a_repeat_after_the_successors_use_ends_the_whole_family(self, refresh, ada):
        second = (await refresh(ada["refresh_token"])).json()["refresh_token"]
        third = (await refresh(second)).json()["refresh_token"]
        assert (await refresh(ada["refresh_token"])).json()["code"] == "refresh_reused"
        assert (await refresh(third)).status_code == 401

    async def test_reuse_is_told_once_by_event_and_at_once_by_hint(self, app, client, refresh, ada, verifier):
        hints: list[Hint] = []
        app.state.runtime.bus.listen(EDGE_CHANGED, hints.append)
        await refresh(ada["refresh_token"])
        await age_tokens(app, timedelta(seconds=11))
        await refresh(ada["refresh_token"])
        await refresh(ada["refresh_token"])
        session_id = (await verifier.user(ada["access_token"])).session_id
        [event] = await revocations(app)
        assert event == SessionRevoked(user_id=UUID(ada["user"]["id"]), session_id=session_id, reason="refresh_reused")
        assert hints[0] == {"ended_sessions": [str(session_id)]}
        listed = await client.get("/internal/edge/", headers=service_headers("gateway"))
        assert listed.json()["ended_sessions"] == [str(session_id)]

    async def test_other_sessions_of_the_user_go_on(self, app, client, refresh, ada):
        login = {"email": "ada@example.com", "password": registration()["password"]}
        other = (await client.post("/api/v1/auth/login/", json=login)).json()["refresh_token"]
        await refresh(ada["refresh_token"])
        await age_tokens(app, timedelta(seconds=11))
        await refresh(ada["refresh_token"])
        assert (await refresh(other)).status_code == 200

    async def test_an_expired_token_is_401_and_ends_nothing(self, app, refresh, ada):
        await execute(app, update(RefreshToken).values(expires_at=machine_now()))
        assert (await refresh(ada["refresh_token"])).json()["code"] == "refresh_invalid"
        assert await revocations(app) == []

    async def test_slides_seven_days_up_to_the_sessions_end(self, app, refresh, ada):
        end = machine_now() + timedelta(days=3)
        await execute(app, update(RefreshToken).values(expires_at=end))
        await execute(app, update(SignInSession).values(expires_at=end))
        await refresh(ada["refresh_token"])
        expiries = await execute(app, select(RefreshToken.expires_at).where(RefreshToken.used_at.is_(None)))
        assert expiries.scalars().all() == [end]

    async def test_a_moved_business_clock_ends_no_session(self, clock, refresh, ada):
        clock.advance(timedelta(days=60))
        assert (await refresh(ada["refresh_token"])).status_code == 200


class TestLogout:
    async def logout(self, client, body=None, headers=None):
        return await client.post("/api/v1/auth/logout/", json=body, headers=headers)

    async def test_without_any_token_is_401(self, client):
        assert (await self.logout(client)).status_code == 401
        assert (await client.post("/api/v1/auth/logout/")).status_code == 401

    async def test_by_refresh_token_ends_the_family(self, app, client, refresh, ada):
        successor = (await refresh(ada["refresh_token"])).json()["refresh_token"]
        answer = await self.logout(client, {"refresh_token": ada["refresh_token"]})
        assert (answer.status_code, answer.content) == (204, b"")
        assert (await refresh(successor)).json()["code"] == "refresh_invalid"
        assert [event.reason for event in await revocations(app)] == ["logout"]

    async def test_a_second_time_is_fine_and_tells_nothing_new(self, app, client, ada):
        for _ in range(2):
            assert (await self.logout(client, {"refresh_token": ada["refresh_token"]})).status_code == 204
        assert len(await revocations(app)) == 1

    async def test_a_stranger_ends_no_session_of_others(self, app, client, refresh, ada):
        assert (await self.logout(client, headers=headers_for())).status_code == 204
        assert (await refresh(ada["refresh_token"])).status_code == 200

    async def test_by_access_token_ends_its_session(self, app, client_for, refresh, ada, verifier):
        client = client_for(create_app(replace(Runtime.of(app.state.runtime), verifier=verifier)))
        headers = {"Authorization": f"Bearer {ada['access_token']}"}
        assert (await client.get("/api/v1/auth/user/", headers=headers)).status_code == 200
        assert (await self.logout(client, headers=headers)).status_code == 204
        assert (await client.get("/api/v1/auth/user/", headers=headers)).status_code == 401
        assert (await refresh(ada["refresh_token"])).status_code == 401

    async def test_other_services_refuse_the_token_when_they_read_the_list(self, client, ada, verifier):
        who = await verifier.user(ada["access_token"])
        await self.logout(client, {"refresh_token": ada["refresh_token"]})
        listed = (await client.get("/internal/edge/", headers=service_headers("gateway"))).json()
        assert listed["ended_sessions"] == [str(who.session_id)]
        verifier.revoke(who.session_id)
        with pytest.raises(Unauthenticated):
            await verifier.user(ada["access_token"])


class TestProof:
    async def test_a_refresh_renews_the_token_and_not_the_proof(self, refresh, ada, verifier):
        first = await verifier.user(ada["access_token"])
        again = await verifier.user((await refresh(ada["refresh_token"])).json()["access_token"])
        assert (first.auth_time, first.acr, first.amr) == (again.auth_time, "aal1", {"pwd"})
        assert first.is_fresh
        assert (again.fresh_until, first.fresh_until - first.auth_time) == (first.fresh_until, 300)
        assert not replace(first, fresh_until=first.fresh_until - 301).is_fresh


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/156.0.0.0 Safari/537.36", "Chrome on macOS"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari on iOS"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/156.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", None),
        ("a\x00b", None),
    ],
)
def test_a_user_agent_is_shown_as_people_call_it(agent, device):
    assert device_of(agent) == device


class TestEdge:
    async def test_only_what_is_new_is_told_again(self, app, client, ada):
        async def listed(after: str = "") -> dict[str, Any]:
            return (await client.get(f"/internal/edge/{after}", headers=service_headers("gateway"))).json()

        await client.post("/api/v1/auth/logout/", json={"refresh_token": ada["refresh_token"]})
        first = await listed()
        assert len(first["ended_sessions"]) == 1
        assert (await listed(f"?after={first['until']}"))["ended_sessions"] == first[
            "ended_sessions"
        ]  # may have been late
        await execute(app, update(SignInSession).values(ended_at=machine_now() - timedelta(minutes=10)))
        assert (await listed(f"?after={first['until']}"))["ended_sessions"] == []
        assert (await listed())["ended_sessions"] == first["ended_sessions"]


class TestJobs:
    async def test_sessions_are_forgotten_a_month_after_their_end(self, app, client, ada):
        await client.post("/api/v1/auth/register/", json=registration("b@example.com"))
        past = machine_now() - timedelta(days=31)
        await execute(
            app, update(SignInSession).where(SignInSession.user_id == UUID(ada["user"]["id"])).values(expires_at=past)
        )
        await run_jobs(app)
        left = await execute(app, select(RefreshToken.session_id))
        assert len(left.all()) == 1


class TestInvariants:
    async def test_hold_after_the_sessions_ordinary_life(self, app, client, refresh, ada):
        await refresh(ada["refresh_token"])
        async with app.state.runtime.db.read() as session:
            broken = {name: (await session.execute(text(sql))).all() for name, sql in INVARIANTS.items()}
        assert broken == {name: [] for name in INVARIANTS}
