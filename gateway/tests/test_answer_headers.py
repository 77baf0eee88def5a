"""What answers say to browsers and caches."""

import pytest

SERVICES, BOOKINGS = "/api/v1/services/", "/api/v1/bookings/"
PUBLIC = "public, max-age=0, must-revalidate"


@pytest.fixture
def service():
    """Answers with the status that the query names, and with the headers of the test."""

    def make(*headers: tuple[bytes, bytes]):
        async def app(scope, receive, send):
            status = int(scope["query_string"] or 200)
            await send({"type": "http.response.start", "status": status, "headers": [*headers]})
            await send({"type": "http.response.body", "body": b"{}"})

        return app

    return make


@pytest.mark.parametrize(
    ("method", "path", "signed", "found"),
    [
        ("GET", SERVICES, False, PUBLIC),
        ("HEAD", SERVICES, False, PUBLIC),
        ("GET", "/.well-known/jwks.json", False, PUBLIC),
        ("GET", "/openapi.json", False, PUBLIC),
        ("GET", f"{SERVICES}?304", False, PUBLIC),
        ("GET", f"{SERVICES}?404", False, "no-store"),
        ("GET", "/nowhere", False, "no-store"),
        ("POST", "/api/v1/auth/login/", False, "no-store"),
        ("GET", "/api/v1/auth/social/google/start/", False, "no-store"),
        ("GET", "/account/verify-email", False, "no-store"),
        ("GET", "/health/live", False, "no-store"),
        ("GET", SERVICES, True, "private, no-store"),
        ("GET", f"{SERVICES}?404", True, "private, no-store"),
        ("POST", BOOKINGS, True, "private, no-store"),
    ],
)
async def test_who_may_store_it(gateway, client_of, service, token_of, method, path, signed, found):
    client = client_of(gateway({"catalog": service(), "booking": service(), "identity": service()}))
    headers = {"authorization": f"Bearer {token_of()}"} if signed else {}
    answer = await client.request(method, path, headers=headers)
    assert answer.headers.get_list("cache-control") == [found]
    assert answer.headers.get_list("vary") == ["Authorization, Origin"]


async def test_a_service_may_say_it_itself(gateway, client_of, service):
    client = client_of(gateway({"catalog": service((b"cache-control", b"max-age=9"), (b"vary", b"Accept"))}))
    answer = await client.get(SERVICES)
    assert (answer.headers["cache-control"], answer.headers["vary"]) == ("max-age=9", "Accept")


@pytest.mark.parametrize(
    ("path", "allowed", "not_allowed"),
    [
        (SERVICES, "default-src 'none'; frame-ancestors 'none'", "script-src"),
        ("/nowhere", "default-src 'none'; frame-ancestors 'none'", "script-src"),
        ("/openapi.json", "default-src 'none'; frame-ancestors 'none'", "script-src"),
        ("/docs", "script-src 'self'; style-src 'self'; connect-src 'self'", "unsafe"),
        ("/docs/docs.js", "script-src 'self'", "unsafe"),
        ("/account/verify-email", "form-action 'self'; frame-ancestors 'none'", "script-src"),
        ("/sandbox/mail/", "form-action 'self'; frame-ancestors 'none'", "script-src"),
    ],
)
async def test_what_a_browser_may_do_with_it(gateway, client_of, path, allowed, not_allowed):
    headers = (await client_of(gateway()).get(path)).headers
    assert allowed in headers["content-security-policy"]
    assert not_allowed not in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert (headers["x-frame-options"], headers["x-content-type-options"]) == ("DENY", "nosniff")
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("url", "wanted"), [("https://estuary.example", "max-age=31536000"), ("http://localhost:8000", None), ("", None)]
)
async def test_https_alone_only_where_the_public_address_has_it(gateway, client_of, url, wanted):
    client = client_of(gateway(ESTUARY_PUBLIC_URL=url))
    for path in (SERVICES, "/docs", "/nowhere"):
        assert (await client.get(path)).headers.get("strict-transport-security") == wanted


@pytest.mark.parametrize("path", ["/openapi.json", "/docs", "/docs/docs.js"])
async def test_pages_of_the_gateway_are_sent_once_to_who_keeps_them(gateway, client_of, path):
    client = client_of(gateway())
    first = await client.get(path)
    again = await client.get(path, headers={"if-none-match": f'"other", W/{first.headers["etag"]}'})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert "content-length" not in again.headers
    assert (await client.get(path, headers={"if-none-match": '"other"'})).status_code == 200


async def test_browsers_of_other_origins_may_use_tags(gateway, client_of):
    client = client_of(gateway(GATEWAY_CORS_ORIGINS="https://shop.example"))
    asked = {"origin": "https://shop.example", "access-control-request-method": "GET"}
    preflight = await client.options(SERVICES, headers=asked)
    assert "If-None-Match" in preflight.headers["access-control-allow-headers"]
    answer = await client.get(SERVICES, headers={"origin": "https://shop.example"})
    assert "ETag" in answer.headers["access-control-expose-headers"]
