"""The gateway's ASGI application: the steps of one request, in their order."""

import asyncio

from starlette.types import Receive, Scope, Send

from gateway.access_log import AccessLog
from gateway.answer_headers import DOCS_HEADERS, HTTPS_ONLY, PAGE_HEADERS, caching_of
from gateway.api_keys import ApiKeys
from gateway.asgi import Answer
from gateway.authentication import authenticate
from gateway.checks import RequestChecks
from gateway.cors import Cors
from gateway.errors import NoSuchPath, OriginNotAllowed
from gateway.forwarding import Forwarder
from gateway.locate import locate
from gateway.pages import DOCS, Pages
from gateway.rates import RateLimits
from gateway.request import ProxiedRequest, parse
from gateway.response import ClientConnection, ResponseWriter
from gateway.routes import Route, RouteTable
from gateway.settings import GatewaySettings
from shared.auth.verification import Caller, Verifier
from shared.errors import AppError, Unauthenticated
from shared.observability import logs
from shared.web.shedding import Load

COUNTED_AS_ADDRESS = (NoSuchPath, OriginNotAllowed, Unauthenticated)
"""Refusals of a caller that is not known."""
log = logs.logger(service="gateway")


class Gateway:
    """Parse, locate, authenticate, limit, check, forward, respond. Each step is a module; only this one knows them all.

    A step raises an AppError to refuse; responding is the same for every one.
    """

    def __init__(
        self,
        settings: GatewaySettings,
        verifier: Verifier,
        keys: ApiKeys,
        table: RouteTable,
        pages: Pages,
        forwarder: Forwarder,
        load: Load,
    ) -> None:
        """Nothing is opened before the first request."""
        self._load = load
        self._always = [HTTPS_ONLY] if settings.public_url.startswith("https://") else []
        self._keys = keys
        self._proxies = settings.proxies
        self._verifier, self._table, self._pages, self._forwarder = verifier, table, pages, forwarder
        self._cors = Cors(settings.origins, settings.socket_origins, local=settings.stand_ins)
        self._checks = RequestChecks(settings, self._cors, verifier)
        self._limits = RateLimits(settings) if settings.rate_limits == "on" else None
        self._access_log = AccessLog(lines=settings.access_log == "on")

    async def run(self) -> None:
        """What it does beside requests, until cancelled."""
        await (asyncio.Event().wait() if self._limits is None else self._limits.run())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one HTTP request or WebSocket; never leaves a client without an answer.

        Raises UpstreamAborted where a service broke off in the middle of its answer.
        """
        request = ProxiedRequest.begin(scope)
        response = ResponseWriter(ClientConnection(receive, send), scope, request.request_id)
        try:
            await self._respond(request, response)
        finally:
            self._access_log.record(request, response.status)

    async def _respond(self, request: ProxiedRequest, response: ResponseWriter) -> None:
        try:
            await self._process(request, response)
        except AppError as error:
            await response.refuse(error)
            # Frames that it passed refer to it: without this, all that the caller sent stays until the collector runs.
            error.__traceback__ = error.__context__ = None
        except Exception as error:
            if response.overridden or response.client.gone:
                raise
            log.error("the gateway failed", route=request.label, exc_info=error)
            await response.refuse(AppError())
        await response.complete(request.label)

    async def _process(self, request: ProxiedRequest, response: ResponseWriter) -> None:
        parse(request, self._proxies)
        response.client.expects_body = request.headers.has_body
        response.headers += self._always
        response.headers += self._cors.headers_for(request.headers.origin)
        locate(request, self._pages, self._table)
        response.caching = caching_of(request.route, signed=b"authorization" in request.headers.values)
        if request.route is not None and request.route.is_page:
            response.defaults = PAGE_HEADERS
        elif request.page in DOCS:
            response.defaults = DOCS_HEADERS
        try:
            if (own := await self._own_answer(request)) is not None:
                await response.answer(own)
                return
            route = _route_of(request)
            self._admit(request)
            caller = request.caller = await authenticate(self._verifier, self._keys, self._limits, request, route)
        except COUNTED_AS_ADDRESS:
            await self._spend(None, request, response)
            raise
        if route.rate_limited:
            await self._spend(caller, request, response)  # what is refused from here on counts too
        self._checks.check(request, route)
        await self._forwarder.forward(request, route, response)

    def _admit(self, request: ProxiedRequest) -> None:
        """Raises Overloaded, before anything is spent on a request for which there is no time."""
        if not request.is_socket:
            signed = b"authorization" in request.headers.values
            self._load.admit(request.method, request.scope["path"], signed=signed)

    async def _own_answer(self, request: ProxiedRequest) -> Answer | None:
        """The answer to a preflight or of a page; None where a service answers."""
        if (preflight := self._cors.preflight(request.method, request.headers)) is not None:
            return preflight
        return None if request.page is None else await self._pages.answer(request.page, request)

    async def _spend(self, caller: Caller | None, request: ProxiedRequest, response: ResponseWriter) -> None:
        """One request off the caller's hourly limit; without a caller, off the address's."""
        if self._limits is not None:
            response.headers += await self._limits.spend(caller, request.address)


def _route_of(request: ProxiedRequest) -> Route:
    if request.route is None:
        raise NoSuchPath()
    return request.route
