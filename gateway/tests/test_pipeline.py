"""What the gateway refuses, what it lets through, and in which order."""

import asyncio
import itertools
from base64 import urlsafe_b64encode
from datetime import timedelta

import pytest

MIB = 1024 * 1024
JSON = {"content-type": "application/json"}
BOOKINGS = "/api/v1/bookings/"
STRIPE = "/api/v1/webhooks/stripe/"


def seen_by_service(response) -> dict[str, str]:
    return dict(response.json()["headers"])


class TestTokens:
    @pytest.mark.parametrize("path", [BOOKINGS, "/api/v1/services/", "/api/v1/auth/user/", "/api/v1/auth/logout"])
    @pytest.mark.parametrize(
        "credential",
        [
            *(
                "Bearer nonsense",
                "Bearer a.b.c",
                "Bearer eyJhbGciOiJub25lIn0.e30.",
                "Bearer ",
                "Basic dTpw",
                "",
                "Bearer é",
            ),
            "Bearer " + urlsafe_b64encode(b"[" * 3000).decode() + ".e30.x",  # nested deeper than Python recurses
            "Bearer " + "a" * 8193,
        ],
    )
    async def test_a_bad_token_is_401_before_any_service(self, gateway, client_of, path, credential):
        response = await client_of(gateway()).get(path, headers={"authorization": credential.encode()})
        assert (response.status_code, response.json()["code"]) == (401, "unauthenticated")
        assert response.headers["content-type"] == "application/problem+json"
        assert response.headers["www-authenticate"] == "Bearer"
        assert response.json()["trace_id"] == response.headers["x-request-id"]

    async def test_an_expired_token_is_401(self, gateway, client_of, token_of):
        bearer = {"authorization": f"Bearer {token_of(age=timedelta(minutes=61))}"}
        assert (await client_of(gateway()).get(BOOKINGS, headers=bearer)).status_code == 401

    async def test_a_good_token_reaches_the_service_that_checks_it_again(self, gateway, client_of, token_of):
        bearer = f"Bearer {token_of()}"
        response = await client_of(gateway()).get(BOOKINGS, headers={"authorization": bearer})
        assert seen_by_service(response)["authorization"] == bearer

    async def test_two_tokens_are_401_since_a_service_may_read_the_other_one(self, gateway, client_of, token_of):
        both = [("authorization", f"Bearer {token_of()}"), ("authorization", f"Bearer {token_of()}")]
        assert (await client_of(gateway()).get(BOOKINGS, headers=both)).status_code == 401

    async def test_without_token_the_service_decides(self, gateway, client_of):
        assert (await client_of(gateway()).get(BOOKINGS)).status_code == 200

    @pytest.mark.parametrize(
        "path", ["/api/v1/auth/login/", "/api/v1/auth/token/refresh/", "/api/v1/auth/register", "/sandbox/stripe/v1/x"]
    )
    async def test_where_no_token_is_read_an_old_one_does_no_harm(self, gateway, client_of, path):
        response = await client_of(gateway()).post(path, headers={"authorization": "Bearer sk_test_estuary"}, json={})
        assert response.status_code == 200


class TestHeaders:
    async def test_what_a_client_says_about_itself_is_dropped(self, gateway, client_of):
        said = {
            "X-Forwarded-For": "6.6.6.6",
            "X-Forwarded-Host": "evil",
            "X-Forwarded-Prefix": "/evil",
            "Forwarded": "for=6.6.6.6",
            "X-Estuary-User": "staff",
            "X-Request-ID": "mine",
            "traceparent": f"00-{'a' * 32}-{'b' * 16}-01",
            "Connection": "keep-alive, X-Secret",
            "X-Secret": "1",
            "X-Original-URL": "/internal/",
            "Accept-Language": "de",
        }
        seen = seen_by_service(await client_of(gateway()).get(BOOKINGS, headers=said))
        assert seen["x-forwarded-for"] == "203.0.113.7"
        assert seen["x-forwarded-host"] == "test"
        assert seen["x-forwarded-proto"] == "http"
        assert seen["accept-language"] == "de"
        assert seen["traceparent"][3:35] == seen["x-request-id"] != "a" * 32
        assert not seen.keys() & {"forwarded", "x-estuary-user", "connection", "x-secret", "x-original-url"}
        assert "evil" not in seen.values()

    async def test_naming_a_needed_header_in_connection_does_not_remove_it(self, gateway, client_of, token_of):
        said = {"Connection": "Authorization", "Authorization": f"Bearer {token_of()}"}
        assert "authorization" in seen_by_service(await client_of(gateway()).get(BOOKINGS, headers=said))

    async def test_forwarded_addresses_count_as_far_as_our_own_proxies_wrote_them(self, gateway, client_of):
        said = {"X-Forwarded-For": "6.6.6.6, 198.51.100.9", "X-Forwarded-Proto": "https"}
        client = client_of(gateway(GATEWAY_TRUSTED_HOPS="1"))
        seen = seen_by_service(await client.get(BOOKINGS, headers=said))
        assert (seen["x-forwarded-for"], seen["x-forwarded-proto"]) == ("198.51.100.9", "https")

    @pytest.mark.parametrize(
        ("proxies", "forwarded", "seen_as"),
        [
            ("203.0.113.0/24", ["198.51.100.9"], "198.51.100.9"),
            ("10.0.0.0/8", ["198.51.100.9"], "203.0.113.7"),  # the peer is none of our proxies
            ("203.0.113.0/24", ["6.6.6.6", "198.51.100.9"], "198.51.100.9"),  # two lines are one list
            ("203.0.113.0/24", ["unknown"], "203.0.113.7"),
            ("", ["198.51.100.9"], "198.51.100.9"),
        ],
    )
    async def test_only_trusted_proxies_say_who_the_client_is(self, gateway, client_of, proxies, forwarded, seen_as):
        client = client_of(gateway(GATEWAY_TRUSTED_HOPS="1", GATEWAY_TRUSTED_PROXIES=proxies))
        seen = seen_by_service(await client.get(BOOKINGS, headers=[("x-forwarded-for", one) for one in forwarded]))
        assert seen["x-forwarded-for"] == seen_as

    async def test_answers_carry_security_headers_and_a_fresh_request_id(self, gateway, client_of):
        client = client_of(gateway())
        first, second = await client.get(BOOKINGS), await client.get(BOOKINGS)
        assert first.headers["x-request-id"] != second.headers["x-request-id"]
        assert first.headers["x-content-type-options"] == "nosniff"
        assert first.headers["content-security-policy"].startswith("default-src 'none'")


class TestBody:
    async def test_a_body_of_the_limit_passes(self, gateway, client_of):
        response = await client_of(gateway()).post(BOOKINGS, content=b"x" * MIB, headers=JSON)
        assert len(response.json()["body"]) == MIB

    async def test_a_longer_length_is_413_before_any_byte_is_read(self, gateway, raw_request):
        status, body = await raw_request(
            gateway(), f"POST {BOOKINGS} HTTP/1.1", "Content-Type: application/json", f"Content-Length: {MIB + 1}"
        )
        assert (status, body["code"]) == (413, "body_too_large")

    async def test_longer_chunks_are_413_though_the_service_already_reads(self, gateway, raw_request):
        chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
        parts = [chunk] * 20 + [b"0\r\n\r\n"]
        head = (f"POST {BOOKINGS} HTTP/1.1", "Content-Type: application/json", "Transfer-Encoding: chunked")
        status, body = await raw_request(gateway(), *head, body=parts)
        assert (status, body["code"]) == (413, "body_too_large")

    async def test_chunks_below_the_limit_pass(self, gateway, raw_request):
        head = (f"POST {BOOKINGS} HTTP/1.1", "Content-Type: application/json", "Transfer-Encoding: chunked")
        status, body = await raw_request(gateway(), *head, body=[b"2\r\n{}\r\n", b"0\r\n\r\n"])
        assert (status, body["body"]) == (200, "{}")

    async def test_one_caller_has_four_mebibytes_of_bodies_under_way_and_no_more(self, gateway, client_of):
        held, answer = [], asyncio.Event()

        async def slow(scope, receive, send):
            while (message := await receive())["type"] == "http.request":
                held.append(len(message["body"]))
                if not message["more_body"]:
                    await answer.wait()
                    await send({"type": "http.response.start", "status": 200, "headers": []})
                    await send({"type": "http.response.body", "body": b"{}"})
                    return

        client = client_of(gateway({"payments": slow}))
        posts = [asyncio.create_task(client.post(STRIPE, content=b"x" * 900_000)) for _ in range(20)]
        refused = [await one for one in itertools.islice(asyncio.as_completed(posts), 16)]
        assert {(one.status_code, one.json()["code"]) for one in refused} == {(503, "overloaded")}
        assert sum(held) <= 4 * MIB
        answer.set()
        assert sorted(one.status_code for one in await asyncio.gather(*posts)) == [200] * 4 + [503] * 16
        assert (await client.post(STRIPE, content=b"x" * MIB)).status_code == 200

    @pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "text/json", ""])
    async def test_what_is_not_json_is_415(self, gateway, client_of, media_type):
        response = await client_of(gateway()).post(BOOKINGS, content=b"{}", headers={"content-type": media_type})
        assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")

    @pytest.mark.parametrize(
        "media_type", ["application/json", "Application/JSON; charset=utf-8", "application/a+json"]
    )
    async def test_json_in_every_spelling_passes(self, gateway, client_of, media_type):
        response = await client_of(gateway()).put(BOOKINGS, content=b"{}", headers={"content-type": media_type})
        assert response.status_code == 200

    async def test_no_body_needs_no_type(self, gateway, client_of):
        assert (await client_of(gateway()).post(f"{BOOKINGS}1/cancel/")).status_code == 200

    @pytest.mark.parametrize("path", ["/api/v1/webhooks/stripe/", "/sandbox/stripe/v1/payment_intents"])
    async def test_stripe_sends_what_it_likes(self, gateway, client_of, path):
        response = await client_of(gateway()).post(path, content=b"a=b", headers={"content-type": "text/plain"})
        assert response.json()["body"] == "a=b"


ASK = {"origin": "https://shop.example", "access-control-request-method": "POST"}


class TestCors:
    async def test_nobody_is_allowed_by_default(self, gateway, client_of):
        client = client_of(gateway())
        assert (await client.options(BOOKINGS, headers=ASK)).status_code == 403
        assert "access-control-allow-origin" not in (await client.get(BOOKINGS, headers=ASK)).headers

    async def test_a_named_origin_is_allowed_also_to_read_errors(self, gateway, client_of):
        client = client_of(gateway(GATEWAY_CORS_ORIGINS="https://a.example, https://shop.example/"))
        preflight = await client.options(BOOKINGS, headers=ASK)
        refusal = await client.get(BOOKINGS, headers={**ASK, "authorization": "Bearer bad"})
        assert preflight.status_code == 204
        assert "Idempotency-Key" in preflight.headers["access-control-allow-headers"]
        for response in (preflight, refusal):
            assert response.headers["access-control-allow-origin"] == "https://shop.example"
            assert response.headers["vary"] == "Authorization, Origin"
        assert "access-control-allow-credentials" not in preflight.headers

    async def test_another_origin_is_not(self, gateway, client_of):
        client = client_of(gateway(GATEWAY_CORS_ORIGINS="https://shop.example"))
        response = await client.get(BOOKINGS, headers={"origin": "https://shop.example.evil"})
        assert "access-control-allow-origin" not in response.headers

    async def test_a_star_allows_all(self, gateway, client_of):
        response = await client_of(gateway(GATEWAY_CORS_ORIGINS="*")).options(BOOKINGS, headers=ASK)
        assert (response.status_code, response.headers["access-control-allow-origin"]) == (204, "*")

    async def test_an_options_that_is_no_preflight_goes_to_the_service(self, gateway, client_of):
        assert (await client_of(gateway()).options(BOOKINGS)).json()["method"] == "OPTIONS"
