"""Guessing is counted before it is checked: per account and network, per account over new networks, per network."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select, update

from devtools.testing.callers import edge_headers, service_tokens
from devtools.testing.delivery import run_jobs
from services.identity.sessions.models import SignInSession
from services.identity.tests.conftest import PASSWORD, bearer, execute, registration
from shared.auth.edge_tokens import HEADER, Edge, sign_edge
from shared.auth.service_tokens import new_key
from shared.records.clock import machine_now

ADA, UNKNOWN = "ada@example.com", "nobody@example.com"
LOGIN, REGISTER, RESET = (f"/api/v1/auth/{name}/" for name in ("login", "register", "password/reset"))


@pytest.fixture
def sign_in(client):
    async def call(address: str | None, password: str = "wrong password", email: str = ADA, **more: Any) -> Any:
        headers = edge_headers(address, **more) if address else {}
        return await client.post(LOGIN, json={"email": email, "password": password}, headers=headers)

    return call


class TestAccountAndNetwork:
    @pytest.mark.parametrize("email", [ADA, "Ada@Example.com", UNKNOWN])
    async def test_the_eleventh_wrong_password_within_a_quarter_of_an_hour_is_not_checked(self, ada, sign_in, email):
        answers = [await sign_in("192.0.2.1", email=email) for _ in range(11)]
        assert [answer.status_code for answer in answers] == [401] * 10 + [429]
        assert answers[-1].json()["code"] == "too_many_attempts"
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 90
        assert (await sign_in("192.0.2.1", PASSWORD, email)).status_code == 429

    @pytest.mark.parametrize("email", ["mike@example.com", UNKNOWN])
    async def test_ways_to_write_an_address_have_no_tries_of_their_own(self, app, client, sign_in, email):
        """A capital I with a dot and a Kelvin sign are an i and a k to the database, and not to Python."""
        await client.post(REGISTER, json=registration("mike@example.com"))
        written = [email, email.upper(), email.replace("i", "\u0130"), email.replace("k", "\u212a")]
        async with app.state.runtime.db.read() as session:
            compared = {await session.scalar(select(func.lower(text))) for text in written}
        answers = [await sign_in("192.0.2.1", email=text) for text in written * 11]
        assert sum(answer.status_code == 401 for answer in answers) == 10 * len(compared)

    async def test_known_and_unknown_addresses_are_refused_alike(self, ada, sign_in):
        for _ in range(12):
            known, unknown = await sign_in("192.0.2.1"), await sign_in("192.0.2.1", email=UNKNOWN)
            bodies = [answer.json() | {"trace_id": None} for answer in (known, unknown)]
            assert bodies[0] == bodies[1]
            assert known.status_code == unknown.status_code

    async def test_fifty_at_once_are_ten_checks(self, ada, sign_in):
        answers = await asyncio.gather(*(sign_in("192.0.2.1") for _ in range(50)))
        assert sum(answer.status_code == 401 for answer in answers) <= 10
        assert {answer.status_code for answer in answers} <= {401, 429, 503}

    async def test_right_passwords_do_not_count(self, ada, sign_in):
        assert {(await sign_in("192.0.2.1", PASSWORD)).status_code for _ in range(15)} == {200}

    async def test_without_limits_at_the_gateway_it_counts_all_the_same(self, ada, sign_in):
        answers = [await sign_in("192.0.2.1", limited=False) for _ in range(11)]
        assert answers[-1].status_code == 429


class TestManyNetworks:
    async def test_fifty_an_hour_are_checked_and_the_owner_gets_in_from_a_known_network(self, ada, sign_in):
        assert (await sign_in("198.51.100.7", PASSWORD)).status_code == 200
        wrong = [await sign_in(f"192.0.2.{n % 100}") for n in range(1000)]
        assert sum(answer.status_code == 401 for answer in wrong) == 50
        assert (await sign_in("203.0.113.9", PASSWORD)).status_code == 429
        assert (await sign_in("198.51.100.7", PASSWORD)).status_code == 200


class TestNetwork:
    async def test_a_hundred_an_hour_over_all_accounts(self, sign_in):
        answers = [await sign_in("192.0.2.1", email=f"{n}@example.com") for n in range(101)]
        assert [answer.status_code for answer in answers] == [401] * 100 + [429]

    async def test_twenty_requests_that_cost_a_mail(self, client):
        headers = edge_headers("192.0.2.1")
        bodies = [{"email": f"{n}@example.com"} for n in range(21)]
        answers = [await client.post(RESET, json=body, headers=headers) for body in bodies]
        assert [answer.status_code for answer in answers] == [202] * 20 + [429]
        assert (await client.post(RESET, json=bodies[0], headers=edge_headers("192.0.2.2"))).status_code == 202

    async def test_twenty_registrations_those_that_are_refused_too(self, client, ada):
        headers = edge_headers("192.0.2.1")
        answers = [await client.post(REGISTER, json=registration(), headers=headers) for _ in range(21)]
        assert [answer.status_code for answer in answers] == [409] * 20 + [429]

    async def test_none_where_the_gateway_has_no_limits(self, client):
        headers = edge_headers("192.0.2.1", limited=False)
        answers = [await client.post(RESET, json={"email": UNKNOWN}, headers=headers) for _ in range(22)]
        assert {answer.status_code for answer in answers} == {202}


class TestWhoSaysFromWhere:
    @pytest.mark.parametrize("forged", ["an own key", "another service", "another receiver", "no token", "old"])
    async def test_only_the_gateways_own_word_counts(self, app, client, ada, forged):
        edge, now = Edge("192.0.2.1", "192.0.2.1", True), int(machine_now().timestamp())
        gateway = service_tokens("gateway")
        stranger = type(gateway)("gateway", new_key(), {})
        token = {
            "an own key": lambda: sign_edge(stranger, "identity", edge, now),
            "another service": lambda: sign_edge(service_tokens("booking"), "identity", edge, now),
            "another receiver": lambda: sign_edge(gateway, "payments", edge, now),
            "no token": lambda: gateway.sign("identity", now),
            "old": lambda: sign_edge(gateway, "identity", edge, now - 120),
        }[forged]()
        body = {"email": ADA, "password": PASSWORD}
        pair = (await client.post(LOGIN, json=body, headers={HEADER: token, "X-Forwarded-For": "192.0.2.1"})).json()
        assert pair["user"]["email"] == ADA
        async with app.state.runtime.db.read() as session:
            addresses = set((await session.scalars(select(SignInSession.address))).all())
        assert addresses == {None}


class TestPasswordChange:
    async def test_wrong_present_passwords_count_as_wrong_sign_ins(self, own, ada, sign_in):
        headers = bearer(ada) | edge_headers("192.0.2.1")
        body = {"current_password": "wrong password", "password": "another quiet river"}
        answers = [await own.post("/api/v1/auth/password/change/", json=body, headers=headers) for _ in range(11)]
        assert [answer.status_code for answer in answers] == [422] * 10 + [429]
        assert (await sign_in("192.0.2.1", PASSWORD)).status_code == 429


class TestNotice:
    async def test_mails_that_anybody_asks_for_do_not_keep_the_notice_of_a_change_away(self, app, own, ada, mails):
        for _ in range(4):
            await own.post(RESET, json={"email": ADA})
        await run_jobs(app)
        assert len(await mails("reset_password")) < 4
        for _ in range(5):
            await own.post("/api/v1/auth/email/change/", json={"email": "new@example.com"}, headers=bearer(ada))
        assert len(await mails("email_change_requested")) == 3


class TestNewDevice:
    async def test_one_that_does_not_say_what_it_is_is_new(self, app, client, ada, mails):
        """Other sessions may have no device either, such as those of API keys."""
        await execute(app, update(SignInSession).values(device=None))
        headers = edge_headers("192.0.2.1") | {"User-Agent": ""}
        body = {"email": ADA, "password": PASSWORD}
        assert (await client.post(LOGIN, json=body, headers=headers)).status_code == 200
        assert len(await mails("signed_in")) == 1

    async def test_a_sign_in_from_a_new_device_and_network_is_mailed(self, client, ada, mails):
        async def sign_in(address: str, agent: str) -> None:
            headers = edge_headers(address) | {"User-Agent": agent}
            body = {"email": ADA, "password": PASSWORD}
            assert (await client.post(LOGIN, json=body, headers=headers)).status_code == 200

        await sign_in("192.0.2.1", "one/1.0")
        assert [mail["address"] for mail in await mails("signed_in")] == [ADA]
        await sign_in("192.0.2.1", "two/1.0")
        await sign_in("192.0.2.9", "one/1.0")
        assert len(await mails("signed_in")) == 1
        await sign_in("192.0.2.77", "three/1.0")
        assert len(await mails("signed_in")) == 2
