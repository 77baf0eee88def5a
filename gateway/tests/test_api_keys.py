"""API keys at the gateway: a service sees only the token that a key was exchanged for."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import pytest

from gateway.api_keys import ApiKeys
from gateway.app import create_app
from gateway.settings import GatewaySettings
from shared.auth.token_signing import Narrowing, Proof, sign_access_token
from shared.errors import NotFound, Unavailable
from shared.internal.identity import ApiKeyToken
from shared.records.clock import machine_now
from shared.records.ids import new_id

KEY, OTHER = "est_" + "a" * 43, "est_" + "b" * 43
BOOKINGS = "/api/v1/bookings/"


class Identity:
    """Exchanges KEY, whose sessions the test ends, and counts how often it is asked."""

    def __init__(self, key) -> None:
        self.key, self.session_id, self.life = key, new_id(), 300
        self.asked: list[str] = []
        self.refuses = self.away = False

    async def exchange(self, given: str) -> ApiKeyToken:
        self.asked.append(given)
        await asyncio.sleep(0.01)
        if self.away:
            raise Unavailable
        if self.refuses or given != KEY:
            raise NotFound
        token = sign_access_token(
            self.key, user_id=new_id(), roles=["user"], practitioner_id=None, session_id=self.session_id,
            now=machine_now(), lifetime=timedelta(minutes=5), proof=Proof(narrowing=Narrowing(["bookings.read"])),
        )  # fmt: skip
        return ApiKeyToken(access_token=token, expires_in=self.life)


@pytest.fixture
def identity(key) -> Identity:
    return Identity(key)


@pytest.fixture
def seen() -> list[Mapping[str, str]]:
    """The headers that the service got."""
    return []


@pytest.fixture
def client(identity, verifier, seen, client_of):
    async def service(scope, receive, send):
        seen.append({name.decode(): value.decode() for name, value in scope["headers"]})
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    upstreams = {"booking": service, "identity": service}
    settings = GatewaySettings.of({"GATEWAY_RATE_LIMITS": "off"})
    return client_of(create_app(settings, verifier, upstreams, None, identity.exchange))


@pytest.fixture
def limited(identity, verifier, client_of, echo_service):
    """A client with two requests an hour for its address, three for a person."""
    env = {"GATEWAY_RATE_ANONYMOUS": "2", "GATEWAY_RATE_USER": "3"}
    gateway = create_app(
        GatewaySettings.of(env), verifier, {"booking": echo_service("booking")}, None, identity.exchange
    )
    return client_of(gateway)


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


async def test_the_service_gets_the_token_in_place_of_the_key(client, seen, verifier):
    assert (await client.get(BOOKINGS, headers=bearer(KEY))).status_code == 200
    [headers] = seen
    assert KEY not in str(headers)
    assert (await verifier.user(headers["authorization"].removeprefix("Bearer "))).scopes == {"bookings.read"}


async def test_it_is_asked_for_once_for_five_minutes_by_many_at_once(client, identity):
    answers = await asyncio.gather(*(client.get(BOOKINGS, headers=bearer(KEY)) for _ in range(20)))
    answers.append(await client.get(BOOKINGS, headers=bearer(KEY)))
    assert {answer.status_code for answer in answers} == {200}
    assert identity.asked == [KEY]


async def test_after_its_time_it_is_asked_for_again(client, identity):
    identity.life = 5
    for _ in range(2):
        assert (await client.get(BOOKINGS, headers=bearer(KEY))).status_code == 200
    assert identity.asked == [KEY, KEY]


async def test_an_ended_key_is_refused_at_once(client, identity, verifier, seen):
    assert (await client.get(BOOKINGS, headers=bearer(KEY))).status_code == 200
    identity.refuses = True
    verifier.hear({"ended_sessions": [str(identity.session_id)]})
    for _ in range(3):
        assert (await client.get(BOOKINGS, headers=bearer(KEY))).status_code == 401
    assert len(seen) == 1
    assert identity.asked == [KEY, KEY]


async def test_a_key_whose_session_ended_with_a_role_gets_a_new_one(client, identity, verifier):
    assert (await client.get(BOOKINGS, headers=bearer(KEY))).status_code == 200
    ended, identity.session_id = identity.session_id, new_id()
    verifier.hear({"ended_sessions": [str(ended)]})
    assert (await client.get(BOOKINGS, headers=bearer(KEY))).status_code == 200


@pytest.mark.parametrize("given", [OTHER, "est_", "est_" + "c" * 4000])
async def test_a_key_that_nobody_has_is_401_and_asked_for_once(client, identity, seen, given):
    answers = [await client.get(BOOKINGS, headers=bearer(given)) for _ in range(5)]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(401, "unauthenticated")}
    assert (len(identity.asked) <= 1, seen) == (True, [])


async def test_while_identity_is_away_a_key_that_is_held_works_and_others_are_503(client, identity):
    assert (await client.get(BOOKINGS, headers=bearer(KEY))).status_code == 200
    identity.away = True
    assert (await client.get(BOOKINGS, headers=bearer(KEY))).status_code == 200
    assert (await client.get(BOOKINGS, headers=bearer(OTHER))).status_code == 503
    identity.away = False
    assert (await client.get(BOOKINGS, headers=bearer(OTHER))).status_code == 401


async def test_where_tokens_are_ignored_a_key_is_too(client, identity):
    answer = await client.post("/api/v1/auth/login/", json={}, headers=bearer(KEY))
    assert (answer.status_code, identity.asked) == (200, [])


async def test_only_the_latest_used_are_held(identity, verifier, monkeypatch):
    monkeypatch.setattr("gateway.api_keys.MOST_KEYS", 2)
    keys = ApiKeys(identity.exchange, verifier)
    for number in range(5):
        with pytest.raises(Exception, match="not valid"):
            await keys.caller(f"est_{number}")
    assert list(keys._held) == ["est_3", "est_4"]


async def test_without_anybody_to_exchange_it_no_key_is_accepted(gateway, client_of):
    answer = await client_of(gateway()).get(BOOKINGS, headers=bearer(KEY))
    assert answer.status_code == 401


async def test_guesses_count_as_the_address_before_identity_is_asked(limited, identity):
    answers = await asyncio.gather(*(limited.get(BOOKINGS, headers=bearer(f"est_{number}")) for number in range(20)))
    assert sorted(answer.status_code for answer in answers) == [401] * 2 + [429] * 18
    assert len(identity.asked) == 2
    assert (await limited.get(BOOKINGS, headers=bearer(KEY))).status_code == 429


async def test_a_key_that_somebody_has_counts_as_its_owner_alone(limited, identity):
    answers = await asyncio.gather(*(limited.get(BOOKINGS, headers=bearer(KEY)) for _ in range(3)))
    assert {answer.status_code for answer in answers} == {200}
    refused = await limited.get(BOOKINGS, headers=bearer(KEY))
    assert (refused.status_code, refused.headers["ratelimit-limit"]) == (429, "3")
    assert [(await limited.get(BOOKINGS)).status_code for _ in "123"] == [200, 200, 429]


async def test_a_key_that_is_known_costs_its_address_nothing_when_its_token_ends(limited, identity):
    identity.life = 5
    assert (await limited.get(BOOKINGS, headers=bearer(KEY))).status_code == 200
    assert [(await limited.get(BOOKINGS)).status_code for _ in "123"] == [200, 200, 429]
    assert (await limited.get(BOOKINGS, headers=bearer(KEY))).status_code == 200
    assert identity.asked == [KEY, KEY]
