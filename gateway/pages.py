"""What the gateway answers itself: health, metrics, the one OpenAPI document and its page."""

import asyncio
import hmac
import time
from collections.abc import Awaitable, Callable, Mapping
from importlib import resources
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.types import ASGIApp

from gateway.asgi import Answer, ask
from gateway.errors import MethodNotAllowed, NoSuchPath
from gateway.headers import is_loopback
from gateway.openapi import Documents
from gateway.request import ProxiedRequest
from gateway.settings import GatewaySettings
from shared.observability import logs
from shared.web.conditional import etag_of, is_among

log = logs.logger(service="gateway")

DOCS = frozenset({"", "docs", "docs/docs.css", "docs/docs.js"})
CHECK_SECONDS = 3.0
CHECKED_FOR = 0.2


class Pages:
    """The pages by path; a page is a function that gives a whole answer."""

    def __init__(self, upstreams: Mapping[str, ASGIApp], documents: Documents, settings: GatewaySettings) -> None:
        self._upstreams = upstreams
        self._documents = documents
        self._settings = settings
        self._was_ready = False
        self._checking = asyncio.Lock()
        self._checked: Answer | None = None
        self._checked_at = 0.0
        self._tagged = (b"", b"")
        self._pages: dict[str, Callable[[], Awaitable[Answer]]] = {
            "health": self.health,
            "health/live": self.live,
            "health/ready": self.ready,
            "metrics": self.metrics,
            "openapi.json": self.openapi,
            "": _static("docs.html", "text/html; charset=utf-8"),
            "docs": _static("docs.html", "text/html; charset=utf-8"),
            "docs/docs.css": _static("docs.css", "text/css; charset=utf-8"),
            "docs/docs.js": _static("docs.js", "text/javascript; charset=utf-8"),
        }

    def find(self, segments: list[str]) -> str | None:
        """The name of the page under that path, None if it is not one of ours."""
        path = "/".join(segments)
        return path if path in self._pages else None

    async def answer(self, page: str, request: ProxiedRequest) -> Answer:
        """The page's present answer; raises NoSuchPath for a WebSocket and for metrics that the caller may not read,
        MethodNotAllowed for a write."""
        if request.is_socket or (page == "metrics" and not self._may_read_metrics(request)):
            raise NoSuchPath()
        if request.method not in {"GET", "HEAD"}:
            raise MethodNotAllowed("GET, HEAD")
        answer = await self._pages[page]()
        etag, given = dict(answer.headers).get(b"etag"), request.headers.values.get(b"if-none-match")
        return Answer(304, b"", headers=answer.headers) if etag and given and is_among(etag, given) else answer

    def _may_read_metrics(self, request: ProxiedRequest) -> bool:
        """Metrics have figures of the business (money, errors): the token opens them, with the sandbox this machine."""
        given = request.headers.values.get(b"authorization", b"")
        wanted = self._settings.metrics_token.encode()
        if wanted and hmac.compare_digest(given, b"Bearer " + wanted):
            return True
        forwarded = b"x-forwarded-for" in request.headers.values and not self._settings.trusted_hops
        return self._settings.stand_ins and not forwarded and is_loopback(request.address)

    async def live(self) -> Answer:
        """The process runs and its loop turns; depends on no service."""
        return Answer.json(200, {"status": "ok"}, _FRESH)

    async def ready(self) -> Answer:
        """Until the first time that all services are ready it depends on them; afterwards it speaks for itself."""
        if self._was_ready:
            return Answer.json(200, {"status": "ready"}, _FRESH)
        answer = await self.health()
        self._was_ready = answer.status == 200
        return answer

    async def health(self) -> Answer:
        """How each service is at this moment: 200 when all are ready, else 503 that names who is not.

        Anybody may ask, as often as they like: the services are asked five times a second at most.
        """
        async with self._checking:
            if self._checked is None or time.monotonic() - self._checked_at > CHECKED_FOR:
                self._checked, self._checked_at = await self._check(), time.monotonic()
            return self._checked

    async def _check(self) -> Answer:
        states = await asyncio.gather(*(self._state_of(name) for name in self._upstreams))
        ready = all(state == "ready" for state in states)
        content = {
            "status": "ready" if ready else "waiting",
            "services": dict(zip(self._upstreams, states, strict=True)),
        }
        return Answer.json(200 if ready else 503, content, _FRESH)

    async def metrics(self) -> Answer:
        """Prometheus text of this process."""
        return Answer(200, generate_latest(), CONTENT_TYPE_LATEST)

    async def openapi(self) -> Answer:
        """The merged document of all services."""
        document = await self._documents.merged()
        if self._tagged[0] is not document:
            self._tagged = (document, etag_of(document))
        return Answer(200, document, headers=[(b"etag", self._tagged[1])])

    async def _state_of(self, name: str) -> str:
        try:
            answer = await ask(self._upstreams[name], "/health/ready", timeout=CHECK_SECONDS)
        except Exception as error:
            log.info("service not ready", upstream=name, reason=str(error) or type(error).__name__)
            return "no answer"
        return "ready" if answer.status == 200 else "waiting"


_FRESH = [(b"cache-control", b"no-store")]


def _static(name: str, content_type: str) -> Callable[[], Awaitable[Answer]]:
    body = resources.files("gateway").joinpath("static", name).read_bytes()
    headers: list[Any] = [(b"cache-control", b"no-cache"), (b"etag", etag_of(body))]

    async def page() -> Answer:
        return Answer(200, body, content_type, list(headers))

    return page
