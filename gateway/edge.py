"""The road of one request: refuse early what can be refused here, then hand it to the one service that answers."""

import hmac
from collections.abc import Mapping
from contextlib import nullcontext

from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.cors import Cors
from gateway.errors import (
    BadGateway,
    BodyTooLarge,
    GatewayTimeout,
    MethodNotAllowed,
    NoSuchPath,
    ReadOnlyMode,
    UnsupportedMediaType,
)
from gateway.exchange import Deadlines, ProxiedRequest
from gateway.headers import PAGE_HEADERS, RequestHeaders, client_of, forwarded_headers, is_loopback, read
from gateway.limits import OpenBodies, OpenSockets, RateLimits, Turns, caller_of
from gateway.pages import Pages
from gateway.routes import Route, RouteTable, segments_of
from gateway.settings import GatewaySettings
from shared.auth.token_extraction import token_of
from shared.auth.verification import Verifier, Who
from shared.errors import AppError, Unauthenticated
from shared.observability import logs, metrics

log = logs.logger(service="gateway")
tell = logs.RequestLogger("request", service="gateway")

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Edge:
    """The gateway's ASGI application; everything that varies is given to it."""

    def __init__(
        self,
        settings: GatewaySettings,
        verifier: Verifier,
        upstreams: Mapping[str, ASGIApp],
        table: RouteTable,
        pages: Pages,
    ) -> None:
        self._settings = settings
        self._verifier = verifier
        self._upstreams = upstreams
        self._table = table
        self._pages = pages
        self._cors = Cors(settings.origins, settings.socket_origins, local=settings.stand_ins)
        self._proxies = settings.proxies
        self._limits = RateLimits(settings) if settings.rate_limits == "on" else None
        self._sockets, self._bodies, self._turns = OpenSockets(), OpenBodies(), Turns()
        self._deadlines = Deadlines(settings.upstream_timeout)
        self._meters = metrics.Meters("gateway")
        self._logs_access = settings.access_log == "on"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one HTTP request or WebSocket; never leaves a client without an answer."""
        exchange = ProxiedRequest(scope, receive, send, max_body=self._settings.max_body_bytes, bodies=self._bodies)
        label = "none"
        try:
            asked = read(scope["headers"])
            exchange.body_waits = asked.has_body
            exchange.address, exchange.scheme = client_of(scope, asked, self._proxies)
            exchange.added += self._cors.headers_for(asked.origin)
            segments = segments_of(scope["path"], scope.get("raw_path") or b"")
            if segments is None:
                self._spend(None, exchange)
                raise NoSuchPath()
            if (page := self._pages.find(segments)) is not None:
                label = f"/{page}"
                await self._own(page, exchange, asked)
            elif (route := self._table.find(segments)) is not None:
                label = route.pattern
                await self._route(route, exchange, asked)
            else:
                await self._unrouted(exchange, asked)
        except AppError as error:
            await exchange.refuse(error)
            # Frames that it passed refer to it: without this, all that the caller sent stays until the collector runs.
            error.__traceback__ = None
        except UpstreamAborted:
            raise
        except Exception as error:
            await self._broke(exchange, label, error)
        finally:
            exchange.end()
            self._record(exchange, label)

    async def _broke(self, exchange: ProxiedRequest, label: str, error: Exception) -> None:
        if exchange.cut or exchange.gone:
            raise error
        log.error("the edge failed", route=label, exc_info=error)
        await exchange.refuse(AppError())

    async def _own(self, page: str, exchange: ProxiedRequest, asked: RequestHeaders) -> None:
        if exchange.scope["type"] != "http":
            raise NoSuchPath()
        method = exchange.scope["method"]
        exchange.defaults = PAGE_HEADERS
        if (preflight := self._cors.preflight(method, asked)) is not None:
            await exchange.answer(preflight)
        elif page == "metrics" and not self._may_scrape(exchange.scope, asked):
            raise NoSuchPath()
        elif method in {"GET", "HEAD"}:
            await exchange.answer(await self._pages.render(page))
        else:
            raise MethodNotAllowed("GET, HEAD")

    def _may_scrape(self, scope: Scope, asked: RequestHeaders) -> bool:
        """Metrics tell of the business (money, errors): whoever has the token; with the sandbox this machine too."""
        given, wanted = asked.said.get(b"authorization", b""), self._settings.metrics_token.encode()
        if wanted and hmac.compare_digest(given, b"Bearer " + wanted):
            return True
        forwarded = b"x-forwarded-for" in asked.said and not self._settings.trusted_hops
        return self._settings.stand_ins and not forwarded and is_loopback(client_of(scope, asked, self._proxies)[0])

    async def _unrouted(self, exchange: ProxiedRequest, asked: RequestHeaders) -> None:
        preflight = self._cors.preflight(exchange.scope.get("method", ""), asked)
        if preflight is None:
            self._spend(None, exchange)
            raise NoSuchPath()
        await exchange.answer(preflight)

    def _spend(self, who: Who | None, exchange: ProxiedRequest) -> None:
        """One request off the caller's hourly limit; without a caller, off the address's."""
        if self._limits is not None:
            exchange.added += self._limits.spend(who, exchange.address)

    async def _caller(self, exchange: ProxiedRequest) -> Who | None:
        """Who sends the request; a bad token is 401 and counts as the address."""
        try:
            if (token := token_of(exchange.scope)) is None:
                return None
            return self._verifier.known(token) or await self._verifier.user(token)
        except Unauthenticated:
            self._spend(None, exchange)
            raise

    async def _route(self, route: Route, exchange: ProxiedRequest, asked: RequestHeaders) -> None:
        scope = exchange.scope
        if not route.pattern.startswith("/api/"):
            exchange.defaults = PAGE_HEADERS
        if (preflight := self._cors.preflight(scope.get("method", ""), asked)) is not None:
            await exchange.answer(preflight)
            return
        who = exchange.who = await self._caller(exchange) if route.judges_token else None
        if route.rate_limited:
            self._spend(who, exchange)  # what is refused from here on counts too
        self._check(route, scope, asked)
        own = forwarded_headers(
            exchange.address, exchange.scheme, asked.said.get(b"host", b""), exchange.traceparent, exchange.request_id
        )
        inner = {**scope, "headers": asked.passed_on + own, "state": {}}
        if scope["type"] == "websocket":
            with self._sockets.one_more(who, exchange.address):
                await self._hand_over(route, inner, exchange)
        else:
            async with self._turns.one(caller_of(who, exchange.address)) if self._limits else nullcontext():
                await self._hand_over(route, inner, exchange)

    def _check(self, route: Route, scope: Scope, asked: RequestHeaders) -> None:
        if scope["type"] == "http":
            self._check_request(route, scope["method"], asked)
        elif route.pattern.startswith("/ws/"):
            self._cors.check_socket(asked)
        else:
            raise NoSuchPath()

    def _check_request(self, route: Route, method: str, asked: RequestHeaders) -> None:
        if self._settings.read_only and method not in SAFE_METHODS and not route.writable_when_read_only:
            raise ReadOnlyMode()
        length = asked.said.get(b"content-length", b"0")
        if length.isdigit() and int(length[:20]) > self._settings.max_body_bytes:
            raise BodyTooLarge()
        if route.wants_json and asked.has_body and not _is_json(asked.said.get(b"content-type", b"")):
            raise UnsupportedMediaType()

    async def _hand_over(self, route: Route, scope: Scope, exchange: ProxiedRequest) -> None:
        try:
            answering = self._upstreams[route.upstream](scope, exchange.receive, exchange.send)
            await exchange.within(self._deadlines, answering)
        except AppError as error:
            await exchange.refuse(error)
        except TimeoutError:
            exchange.added.append((b"connection", b"close"))  # the body may still be on its way
            await exchange.refuse(GatewayTimeout())
        except Exception as error:
            # Services answer 500 themselves and then raise again for the server's log: that is not ours to repeat.
            if not (exchange.finished or exchange.cut or exchange.gone):
                log.error("upstream failed", upstream=route.upstream, exc_info=error)
                await exchange.refuse(AppError())
        if not exchange.gone:
            await self._see_it_ended(route, exchange)

    async def _see_it_ended(self, route: Route, exchange: ProxiedRequest) -> None:
        if not exchange.began:
            await exchange.refuse(BadGateway())
        if exchange.scope["type"] == "http" and not exchange.finished:
            raise UpstreamAborted(route.upstream)

    def _record(self, exchange: ProxiedRequest, label: str) -> None:
        scope = exchange.scope
        method = scope.get("method", "WEBSOCKET")
        milliseconds = exchange.milliseconds
        seconds = None if exchange.answered == 101 else milliseconds / 1000
        self._meters.answered(label, method, exchange.answered, seconds)
        if exchange.span.on:
            exchange.span.request(method, label, exchange.answered)
            exchange.span.end()
        if self._logs_access:
            said = {"method": method, "route": label, "status": exchange.answered, "address": exchange.address}
            said |= {"user_id": str(exchange.who.user_id)} if exchange.who else {}
            tell(**said, ms=milliseconds, request_id=exchange.request_id)


class UpstreamAborted(Exception):
    """A service stopped in the middle of its answer: raised so that the server cuts the connection."""


def _is_json(content_type: bytes) -> bool:
    media = content_type.split(b";", 1)[0].strip().lower()
    return media == b"application/json" or (media.startswith(b"application/") and media.endswith(b"+json"))
