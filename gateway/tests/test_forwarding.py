"""The last two steps: the service is called, and one answer goes back to the client."""

import pytest

from gateway.errors import BadGateway, NoSuchPath, TooManyRequests
from gateway.forwarding import Forwarder, inner_scope
from gateway.request import ProxiedRequest
from gateway.response import UpstreamAborted
from gateway.routes import Route
from gateway.settings import GatewaySettings
from gateway.tests.parsed_requests import BOOKINGS, CHAT, Client, part, request, socket
from shared.errors import AppError, Unauthenticated
from shared.web.shedding import Load


def forwarder_of(upstreams, **env: str) -> Forwarder:
    settings = GatewaySettings.of(env)
    return Forwarder(upstreams, settings, Load(settings, "gateway"))


class TestForward:
    async def forwarded(self, service, asked: ProxiedRequest, client: Client, route: Route = BOOKINGS, **env: str):
        forwarder, response = forwarder_of({route.upstream: service}, **env), client.writer(asked)
        await forwarder.forward(asked, route, response)
        return response

    async def test_the_service_sees_what_the_gateway_says_about_the_client(self):
        inner = inner_scope(request(headers={"x-forwarded-for": "6.6.6.6", "host": "shop.example"}))
        said = dict(inner["headers"])
        assert said[b"x-forwarded-for"] == b"203.0.113.7"
        assert said[b"x-forwarded-host"] == b"shop.example"

    @pytest.mark.parametrize(
        ("pattern", "method"), [("/oauth", "HEAD"), ("/account", "GET"), ("/api/v1/bookings", "GET")]
    )
    def test_a_head_is_a_get_but_where_that_uses_something_up(self, pattern: str, method: str):
        asked = request()
        asked.scope["method"], asked.route = "HEAD", Route.of(pattern, "identity")
        assert inner_scope(asked)["method"] == method

    async def test_what_the_service_answers_is_passed_on(self, echo_service):
        client = Client(part(b"{}"))
        response = await self.forwarded(echo_service("booking"), request(), client)
        assert (client.statuses, response.finished) == ([200], True)

    async def test_past_the_limit_the_client_is_refused_and_the_service_sees_a_disconnect(self):
        seen = []

        async def service(scope, receive, send):
            while (message := await receive())["type"] == "http.request":
                seen.append(len(message["body"]))
            seen.append(message["type"])
            await send({"type": "http.response.start", "status": 200, "headers": []})

        client = Client(part(b"x" * 20_000, more=True), part(b"x" * 20_000, more=True))
        await self.forwarded(service, request(), client, GATEWAY_MAX_BODY_BYTES="30000")
        assert (seen, client.statuses) == ([20_000, "http.disconnect"], [413])

    async def test_a_service_that_fails_before_its_answer_is_an_internal_error_and_after_it_nothing(self):
        async def failing(scope, receive, send):
            raise RuntimeError("broken")

        async def failing_late(scope, receive, send):
            await send({"type": "http.response.start", "status": 500, "headers": []})
            await send({"type": "http.response.body", "body": b"{}"})
            raise RuntimeError("broken")

        with pytest.raises(AppError):
            await self.forwarded(failing, request(), Client())
        assert (await self.forwarded(failing_late, request(), Client())).status == 500

    async def test_a_time_out_of_the_service_s_own_is_an_internal_error_and_no_504(self):
        async def failing(scope, receive, send):
            raise TimeoutError

        with pytest.raises(AppError) as refusal:
            await self.forwarded(failing, request(), Client())
        assert refusal.value.status == 500

    async def test_sockets_of_one_network_are_bounded(self, echo_service):
        forwarder = forwarder_of({"messaging": echo_service("messaging")})
        forwarder._sockets._open["203.0.113.7"] = 100
        asked = socket()
        with pytest.raises(TooManyRequests):
            await forwarder.forward(asked, CHAT, Client().writer(asked))


class TestRespond:
    async def test_the_gateway_s_own_answer_ends_the_service_s(self):
        client = Client()
        response = client.writer(request())
        await response.refuse(NoSuchPath())
        await response.pass_on({"type": "http.response.start", "status": 200, "headers": []})
        await response.refuse(Unauthenticated())
        assert client.statuses == [404]

    async def test_what_was_begun_is_not_answered_again_but_cut(self):
        client = Client()
        response = client.writer(request())
        await response.pass_on({"type": "http.response.start", "status": 200, "headers": []})
        await response.refuse(BadGateway())
        with pytest.raises(UpstreamAborted):
            await response.complete("/api/v1/bookings")
        assert client.statuses == [200]

    async def test_without_an_answer_the_client_gets_502_unless_it_left(self):
        client, left = Client(), Client()
        await client.writer(request()).complete("x")
        gone = left.writer(request())
        await gone.client.receive()
        await gone.complete("x")
        assert (client.statuses, left.statuses) == ([502], [])

    async def test_a_body_that_is_still_on_its_way_is_read_before_the_answer_ends(self):
        client = Client(part(b"x", more=True), part(b"x"))
        response = client.writer(request(method="POST"))
        response.client.expects_body = True
        await response.refuse(Unauthenticated())
        assert client.sends == []
        assert [message.get("more_body") for message in client.got] == [None, True, None]

    async def test_a_socket_is_refused_with_status_and_body(self):
        client = Client()
        response = client.writer(socket())
        await response.refuse(Unauthenticated())
        await response.complete("/ws/chat")
        assert [message["type"] for message in client.got] == [
            "websocket.http.response.start",
            "websocket.http.response.body",
        ]
        assert client.statuses == [401]
