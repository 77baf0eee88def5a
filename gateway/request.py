"""One request or WebSocket handshake, and what the steps of the pipeline learn about it: parsing is the first one."""

import time
from dataclasses import dataclass
from typing import Self

from starlette.types import Scope

from gateway.headers import NO_HEADERS, RequestHeaders, TrustedProxies, client_of, read
from gateway.routes import Route
from shared import trace
from shared.auth.verification import Caller
from shared.observability import telemetry


@dataclass(slots=True)
class ProxiedRequest:
    """Each field is written by one step and read by later ones."""

    scope: Scope
    span: telemetry.Span
    traceparent: str
    started_at: float
    headers: RequestHeaders = NO_HEADERS
    address: str = "unknown"
    scheme: str = ""
    page: str | None = None
    """The page of the gateway's own that is asked for."""
    route: Route | None = None
    caller: Caller | None = None

    @classmethod
    def begin(cls, scope: Scope) -> Self:
        """Starts the request's trace and its time."""
        span = telemetry.serving("gateway", scope["type"], telemetry.SERVER)
        return cls(scope, span, trace.traceparent() or "", time.perf_counter())

    @property
    def request_id(self) -> str:
        """The id of the trace, 32 hex digits."""
        return self.traceparent[3:35]

    @property
    def is_socket(self) -> bool:
        """Whether it is the handshake of a WebSocket."""
        return bool(self.scope["type"] == "websocket")

    @property
    def method(self) -> str:
        """Empty for a WebSocket."""
        return str(self.scope.get("method", ""))

    @property
    def label(self) -> str:
        """The template of its path, for metrics and logs."""
        if self.page is not None:
            return f"/{self.page}"
        return self.route.pattern if self.route is not None else "none"

    @property
    def milliseconds(self) -> float:
        """Since the request came in."""
        return round((time.perf_counter() - self.started_at) * 1000, 2)


def parse(request: ProxiedRequest, proxies: TrustedProxies) -> None:
    """Takes the headers apart, and finds the client's address and scheme."""
    request.headers = read(request.scope["headers"])
    request.address, request.scheme = client_of(request.scope, request.headers, proxies)
