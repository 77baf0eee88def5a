"""Which requests count against whose hourly limit, and writes in read-only mode."""

import asyncio
import gc

import pytest

from gateway.request import ProxiedRequest

BOOKINGS = "/api/v1/bookings/"
PREFLIGHT = {"origin": "https://shop.example", "access-control-request-method": "POST"}


def requests_alive() -> int:
    return sum(isinstance(one, ProxiedRequest) for one in gc.get_objects())


class TestReadOnly:
    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("POST", BOOKINGS, 503),
            ("PUT", "/api/v1/auth/user/", 503),
            ("DELETE", "/api/v1/services/1/", 503),
            ("POST", "/api/v1/auth/register/", 503),
            ("POST", "/api/v1/auth/logout/", 503),
            ("POST", "/api/v1/auth/login/", 200),
            ("POST", "/api/v1/auth/token/refresh", 200),
            ("POST", "/api/v1/auth/login/mfa/", 200),
            ("POST", "/api/v1/auth/passkeys/login/", 200),
            ("POST", "/api/v1/auth/social/google/", 200),
            ("POST", "/api/v1/auth/social/token/", 200),
            ("POST", "/api/v1/auth/social/resolve/", 200),
            ("POST", "/api/v1/auth/social/google/callback/", 200),
            ("POST", "/api/v1/auth/social/link/", 503),
            ("DELETE", "/api/v1/auth/social/google/", 503),
            ("POST", "/api/v1/auth/passkeys/", 503),
            ("POST", "/api/v1/auth/password/reset/", 503),
            ("POST", "/account/reset-password", 503),
            ("DELETE", "/sandbox/stripe/v1/customers/1", 200),
            ("GET", BOOKINGS, 200),
            ("POST", "/api/v1/webhooks/stripe/", 200),
            ("POST", "/sandbox/stripe/v1/refunds", 200),
            ("GET", "/health/live", 200),
        ],
    )
    async def test_writes_are_refused_but_for_signing_in_and_stripe(self, gateway, client_of, method, path, status):
        response = await client_of(gateway(READ_ONLY_MODE="true")).request(method, path)
        assert response.status_code == status
        assert status == 200 or response.json()["code"] == "read_only"

    async def test_the_operator_switches_writes_off_and_on_while_it_runs(self, gateway, client_of, verifier, said):
        client = client_of(gateway())
        seen = []
        for is_off in (False, True, False):
            said["read_only"] = is_off
            verifier.hear({})
            await asyncio.sleep(0.01)
            seen.append((await client.post(BOOKINGS)).status_code)
        assert seen == [200, 503, 200]
        assert (await client.get(BOOKINGS)).status_code == 200


class TestRateLimits:
    @pytest.mark.parametrize(("env", "third"), [({}, 429), ({"GATEWAY_RATE_LIMITS": "off"}, 200)])
    async def test_on_by_default(self, gateway, client_of, env, third):
        client = client_of(gateway(GATEWAY_RATE_ANONYMOUS="2", **env))
        assert [(await client.get(BOOKINGS)).status_code for _ in range(3)] == [200, 200, third]

    async def test_health_pages_and_webhooks_do_not_count(self, gateway, client_of):
        client = client_of(gateway(GATEWAY_RATE_ANONYMOUS="1"))
        for path in ["/health/live", "/docs", "/api/v1/webhooks/stripe/", BOOKINGS]:
            assert [(await client.get(path)).status_code for _ in range(3 - 2 * (path == BOOKINGS))][-1] == 200

    async def test_each_kind_of_client_has_its_own_limit(self, gateway, client_of, token_of):
        limits = {"GATEWAY_RATE_ANONYMOUS": "2", "GATEWAY_RATE_USER": "3", "GATEWAY_RATE_PRACTITIONER": "4"}
        client = client_of(gateway(GATEWAY_RATE_LIMITS="on", **limits))
        for headers, limit in (
            ({}, 2),
            ({"authorization": f"Bearer {token_of()}"}, 3),
            ({"authorization": f"Bearer {token_of(['user', 'practitioner'])}"}, 4),
        ):
            answers = [await client.get(BOOKINGS, headers=headers) for _ in range(limit + 1)]
            assert [answer.status_code for answer in answers] == [200] * limit + [429]
            assert answers[0].headers["ratelimit-limit"] == str(limit)
            assert [answer.headers["ratelimit-remaining"] for answer in answers] == [
                *(str(left) for left in range(limit - 1, -1, -1)),
                "0",
            ]
            assert 0 < int(answers[-1].headers["retry-after"]) <= 3600 // limit + 1

    async def test_the_keys_of_tokens_count_since_identity_reads_them_from_its_database(self, gateway, client_of):
        client = client_of(gateway(GATEWAY_RATE_ANONYMOUS="2"))
        assert [(await client.get("/.well-known/jwks.json")).status_code for _ in range(3)] == [200, 200, 429]

    @pytest.mark.parametrize(
        ("method", "path", "headers", "status"),
        [
            ("GET", BOOKINGS, {"authorization": "Bearer nonsense"}, 401),
            ("GET", "/nowhere", {}, 404),
            ("GET", "/api/v1/bookings/a%00b/", {}, 404),
            ("GET", "/metrics", {}, 404),
            ("OPTIONS", "/nowhere", PREFLIGHT, 403),
            ("OPTIONS", BOOKINGS, PREFLIGHT, 403),
        ],
    )
    async def test_bad_tokens_unknown_paths_and_refused_preflights_count_as_the_address(
        self, gateway, client_of, method, path, headers, status
    ):
        client = client_of(gateway(GATEWAY_RATE_LIMITS="on", GATEWAY_RATE_ANONYMOUS="2"))
        answers = [(await client.request(method, path, headers=headers)).status_code for _ in range(3)]
        assert answers == [status, status, 429]

    async def test_a_preflight_that_is_allowed_does_not_count(self, gateway, client_of):
        client = client_of(gateway(GATEWAY_RATE_ANONYMOUS="1", GATEWAY_CORS_ORIGINS="https://shop.example"))
        assert [(await client.options(BOOKINGS, headers=PREFLIGHT)).status_code for _ in "123"] == [204] * 3

    async def test_nothing_of_a_refused_request_stays_until_the_collector_runs(self, gateway, client_of):
        client = client_of(gateway(GATEWAY_RATE_LIMITS="on", GATEWAY_RATE_ANONYMOUS="1"))
        gc.collect()
        before = requests_alive()
        gc.disable()
        try:
            for status in (401, 429):
                answer = await client.get(BOOKINGS, headers={"authorization": "Bearer " + "a" * 30_000})
                assert answer.status_code == status
            assert requests_alive() == before
        finally:
            gc.enable()

    async def test_what_the_edge_refuses_itself_counts_too(self, gateway, client_of):
        limits = {"GATEWAY_RATE_LIMITS": "on", "GATEWAY_RATE_ANONYMOUS": "2"}
        for headers, more, status in (
            ({"content-type": "text/plain"}, {}, 415),
            ({"content-type": "application/json"}, {"GATEWAY_MAX_BODY_BYTES": "1"}, 413),
            ({"content-type": "application/json"}, {"READ_ONLY_MODE": "true"}, 503),
        ):
            client = client_of(gateway(**limits, **more))
            answers = [await client.post(BOOKINGS, content=b"{}", headers=headers) for _ in range(3)]
            assert [answer.status_code for answer in answers] == [status, status, 429]

    async def test_health_and_webhooks_are_not_counted(self, gateway, client_of):
        client = client_of(gateway(GATEWAY_RATE_LIMITS="on", GATEWAY_RATE_ANONYMOUS="1"))
        for path in ("/health/live", "/api/v1/webhooks/stripe/"):
            assert [(await client.request("POST" if "api" in path else "GET", path)).status_code for _ in "123"] == [
                200
            ] * 3
