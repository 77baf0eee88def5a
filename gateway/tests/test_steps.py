"""Each of the first steps of the pipeline alone: what it reads, what it sets, what it refuses."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from gateway.api_keys import ApiKeys
from gateway.authentication import authenticate
from gateway.checks import RequestChecks
from gateway.cors import Cors
from gateway.errors import (
    BodyTooLarge,
    MethodNotAllowed,
    NoSuchPath,
    OriginNotAllowed,
    UnsupportedMediaType,
)
from gateway.headers import TrustedProxies
from gateway.limits import BodyAllowance, OpenBodies
from gateway.locate import locate
from gateway.openapi import Documents
from gateway.pages import Pages
from gateway.request import ProxiedRequest, parse
from gateway.routes import ROUTES, Route, RouteTable
from gateway.settings import GatewaySettings
from gateway.tests.parsed_requests import BOOKINGS, CHAT, LOGIN, Headers, request, socket
from shared.auth.permissions import Permission
from shared.auth.verification import Verifier
from shared.errors import AppError, Overloaded, ReadOnlyMode, Unauthenticated


class TestParse:
    def test_begins_a_trace_whose_id_is_the_request_s(self):
        first, second = request(), request()
        assert first.traceparent[3:35] == first.request_id != second.request_id
        assert len(first.request_id) == 32

    def test_finds_the_client_and_takes_the_headers_apart(self):
        found = request(headers={"host": "shop.example", "x-estuary-user": "staff", "accept": "*/*"})
        assert (found.address, found.scheme, found.caller) == ("203.0.113.7", "http", None)
        assert found.headers.passed_on == [(b"host", b"shop.example"), (b"accept", b"*/*")]

    def test_believes_trusted_proxies(self):
        found = request(headers={"x-forwarded-for": "198.51.100.9", "x-forwarded-proto": "https"})
        parse(found, TrustedProxies(1))
        assert (found.address, found.scheme) == ("198.51.100.9", "https")


class TestLocate:
    def located(self, asked: ProxiedRequest) -> tuple[str | None, str | None, str]:
        services: dict[str, Any] = dict.fromkeys(ROUTES.values())
        table = RouteTable(ROUTES, services)
        locate(asked, Pages(services, Documents(services, table), GatewaySettings.of({})), table)
        return asked.page, asked.route.upstream if asked.route else None, asked.label

    @pytest.mark.parametrize(
        ("path", "found"),
        [
            ("/health/live", ("health/live", None, "/health/live")),
            ("/api/v1/bookings/1/cancel/", (None, "booking", "/api/v1/bookings")),
            ("/internal/orders/", (None, None, "none")),
            ("/api/v1/bookings/../x", (None, None, "none")),
        ],
    )
    def test_finds_a_page_or_a_route(self, path: str, found: tuple[str | None, str | None, str]):
        assert self.located(request(path)) == found

    def test_a_websocket_has_its_own_paths(self):
        assert self.located(socket())[1] == "messaging"
        assert self.located(socket("/api/v1/bookings/"))[1] is None


class TestAuthenticate:
    async def test_a_good_token_names_the_caller(self, verifier, token_of: Callable[..., str]):
        asked = request(headers={"authorization": f"Bearer {token_of()}"})
        found = await authenticate(verifier, ApiKeys(None, verifier), None, asked, BOOKINGS)
        assert found is not None
        assert not found.may(Permission.DECIDE_PAYOUTS)

    async def test_a_bad_one_is_refused_where_it_counts_and_ignored_elsewhere(self, verifier):
        asked = request(headers={"authorization": "Bearer nonsense"})
        with pytest.raises(Unauthenticated):
            await authenticate(verifier, ApiKeys(None, verifier), None, asked, BOOKINGS)
        assert await authenticate(verifier, ApiKeys(None, verifier), None, asked, LOGIN) is None

    async def test_without_token_there_is_no_caller(self, verifier):
        assert await authenticate(verifier, ApiKeys(None, verifier), None, request(), BOOKINGS) is None


async def nothing() -> Mapping[str, Any]:
    """What identity says where nobody needs it."""
    return {}


class TestCheck:
    def check(self, asked: ProxiedRequest, route: Route, **env: str) -> None:
        settings = GatewaySettings.of(env)
        RequestChecks(settings, Cors(settings.origins, local=False), Verifier(nothing)).check(asked, route)

    @pytest.mark.parametrize(
        ("method", "headers", "env", "refusal"),
        [
            ("POST", {}, {"READ_ONLY_MODE": "true"}, ReadOnlyMode),
            ("POST", {"content-length": "1048577", "content-type": "application/json"}, {}, BodyTooLarge),
            ("POST", {"content-length": "2", "content-type": "text/plain"}, {}, UnsupportedMediaType),
            ("POST", {"transfer-encoding": "chunked"}, {}, UnsupportedMediaType),
            ("POST", {"content-length": "2", "content-type": "application/json"}, {}, None),
            ("GET", {}, {"READ_ONLY_MODE": "true"}, None),
        ],
    )
    def test_refuses_what_no_service_needs_to_see(
        self, method: str, headers: Headers, env: Headers, refusal: type[AppError] | None
    ):
        asked = request(headers=headers, method=method)
        if refusal is None:
            self.check(asked, BOOKINGS, **env)
        else:
            with pytest.raises(refusal):
                self.check(asked, BOOKINGS, **env)

    def test_a_websocket_comes_from_a_page_of_the_own_host(self):
        self.check(socket(headers={"host": "shop.example", "origin": "https://shop.example"}), CHAT)
        with pytest.raises(OriginNotAllowed):
            self.check(socket(headers={"host": "shop.example", "origin": "https://evil.example"}), CHAT)


class TestPages:
    def pages(self, **env: str) -> Pages:
        return Pages({}, Documents({}, RouteTable({}, {})), GatewaySettings.of(env))

    @pytest.mark.parametrize(
        ("page", "asked", "refusal"),
        [
            ("health/live", request(method="POST"), MethodNotAllowed),
            ("health/live", socket(), NoSuchPath),
            ("metrics", request(), NoSuchPath),
            ("metrics", request(headers={"authorization": "Bearer other"}), NoSuchPath),
        ],
    )
    async def test_refuses_writes_sockets_and_metrics_without_their_token(self, page, asked, refusal):
        with pytest.raises(refusal):
            await self.pages(ESTUARY_METRICS_TOKEN="known").answer(page, asked)

    async def test_metrics_open_to_their_token(self):
        asked = request(headers={"authorization": "Bearer known"})
        assert (await self.pages(ESTUARY_METRICS_TOKEN="known").answer("metrics", asked)).status == 200


class TestBodyAllowance:
    def test_counts_what_is_more_than_small_once_and_gives_it_back(self):
        bodies = OpenBodies()
        first, second = (BodyAllowance(bodies, 2**30, None, "203.0.113.7") for _ in "12")
        first.count(16 * 1024)
        first.count(2 * 1024 * 1024)
        first.count(3 * 1024 * 1024)
        with pytest.raises(Overloaded):
            second.count(2 * 1024 * 1024)
        first.release()
        second.count(2 * 1024 * 1024)

    def test_the_limit_holds_for_a_small_body_too(self):
        with pytest.raises(BodyTooLarge):
            BodyAllowance(OpenBodies(), 10, None, "203.0.113.7").count(11)
