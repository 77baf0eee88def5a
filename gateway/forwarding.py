"""The step that calls a service, with the time, the body and the number of sockets that a caller may have."""

from collections.abc import Mapping
from contextlib import nullcontext

from starlette.types import ASGIApp, Message, Scope

from gateway.deadlines import Deadline, Deadlines
from gateway.edge_tokens import EdgeTokens
from gateway.errors import GatewayTimeout
from gateway.headers import forwarded_headers
from gateway.limits import BodyAllowance, OpenBodies, OpenSockets, Turns, caller_of
from gateway.request import ProxiedRequest
from gateway.response import BEGINNINGS, ResponseWriter
from gateway.routes import Route
from gateway.settings import GatewaySettings
from shared.errors import AppError
from shared.observability import logs
from shared.web.edge import ADMITTED
from shared.web.shedding import Load, Waiting

DISCONNECT: Message = {"type": "http.disconnect"}
log = logs.logger(service="gateway")


class Forwarder:
    """Calls the services, in this process or elsewhere; what it counts it counts in this process."""

    def __init__(
        self,
        upstreams: Mapping[str, ASGIApp],
        settings: GatewaySettings,
        load: Load,
        edge: EdgeTokens | None = None,
    ) -> None:
        """`upstreams` by service name; `load` learns which requests wait; `edge` says from where one came."""
        self._load = load
        self._upstreams, self._edge = upstreams, edge
        self._max_body = settings.max_body_bytes
        self._deadlines = Deadlines(settings.upstream_timeout)
        self._sockets, self._bodies = OpenSockets(), OpenBodies()
        self._turns = Turns() if settings.rate_limits == "on" else None

    async def forward(self, request: ProxiedRequest, route: Route, response: ResponseWriter) -> None:
        """The service's answer goes to the client as it comes.

        Raises TooManyRequests for a socket too many, GatewayTimeout, what a Proxy raises, and an AppError where the
        service failed without an answer.
        """
        body = BodyAllowance(self._bodies, self._max_body, request.caller, request.address)
        try:
            if request.is_socket:
                with self._sockets.one_more(request.caller, request.address):
                    await self._call(request, route, response, body)
            else:
                async with self._turns.one(_holder(request)) if self._turns else nullcontext():
                    await self._call(request, route, response, body)
        finally:
            body.release()

    async def _call(self, request: ProxiedRequest, route: Route, response: ResponseWriter, body: BodyAllowance) -> None:
        waiting = Waiting(self._load)
        if not (request.is_socket or request.headers.has_body):
            waiting.begin()
        try:
            with self._deadlines.begin() as deadline:
                channel = ServiceChannel(response, body, deadline, waiting, is_socket=request.is_socket)
                await self._upstreams[route.upstream](self._scope(request, route), channel.receive, channel.send)
        except GatewayTimeout:
            response.headers.append((b"connection", b"close"))  # the body may still be on its way
            raise
        except AppError:
            raise
        except Exception as error:
            # Services answer 500 themselves and then raise again for the server's log, which is not repeated here.
            if not (response.finished or response.overridden or response.client.gone):
                log.error("upstream failed", upstream=route.upstream, exc_info=error)
                raise AppError from error
        finally:
            waiting.end()

    def _scope(self, request: ProxiedRequest, route: Route) -> Scope:
        scope = inner_scope(request)
        if route.knows_client and self._edge is not None:
            scope["headers"] += self._edge.headers(route.upstream, request.address)
        return scope


class ServiceChannel:
    """The `receive` and `send` that a service is called with."""

    __slots__ = ("_body", "_client", "_deadline", "_is_socket", "_response", "_waiting")

    def __init__(
        self, response: ResponseWriter, body: BodyAllowance, deadline: Deadline, waiting: Waiting, *, is_socket: bool
    ) -> None:
        """Of one call."""
        self._waiting = waiting
        self._client, self._response = response.client, response
        self._body, self._deadline, self._is_socket = body, deadline, is_socket

    async def receive(self) -> Message:
        """The client's next message; past what the caller may send, the client is refused and the service sees a
        disconnect."""
        if self._response.overridden and not self._is_socket:
            return DISCONNECT
        message = await self._client.receive()
        try:
            self._body.count(self._client.body_bytes)
        except AppError as error:
            await self._response.refuse(error)
            return DISCONNECT
        if message["type"] == "http.request":
            self._deadline.restart()
            if not self._client.expects_body:
                self._waiting.begin()
        return message

    async def send(self, message: Message) -> None:
        """Passes the service's message on; the first one ends the deadline."""
        if message["type"] in BEGINNINGS:
            self._deadline.end()
            self._waiting.end()
        await self._response.pass_on(message)


def _holder(request: ProxiedRequest) -> str:
    return caller_of(request.caller, request.address)


def inner_scope(request: ProxiedRequest) -> Scope:
    """The scope as the service gets it: without what a client may not say, with what only the gateway says.

    To a service HEAD is a GET, whose body the way back leaves out, but where a GET uses something up.
    """
    host = request.headers.values.get(b"host", b"")
    own = forwarded_headers(request.address, request.scheme, host, request.traceparent, request.request_id)
    is_get = request.method == "HEAD" and (request.route is None or request.route.head_is_get)
    method = {"method": "GET"} if is_get else {}
    return {**request.scope, **method, "headers": request.headers.passed_on + own, "state": {}, ADMITTED: True}
