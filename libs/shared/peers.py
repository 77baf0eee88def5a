"""Calls to other services: always `http://<name>/internal/...`, in process or over TCP."""

import itertools
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode
from uuid import UUID

import httpx2
import orjson
from pydantic import BaseModel, ValidationError

from shared import trace
from shared.database.session import inside_transaction
from shared.errors import CallerNotAllowed, Unavailable, from_problem
from shared.observability import telemetry

DEADLINE_SECONDS = 10.0
Json = dict[str, Any]
A = TypeVar("A", bound=BaseModel)
NO_QUERY: Mapping[str, str | int | float] = {}


@dataclass(frozen=True)
class Endpoint(Generic[A]):
    """One operation under /internal: its route and its callers both take it from here.

    `path` has its ids in braces, as FastAPI writes them. The operations are in `shared.internal`.
    """

    service: str
    method: str
    path: str
    answer: type[A]
    body: type[BaseModel] | None = None


@cache
def _certificates() -> ssl.SSLContext:
    """Whom to trust, loaded once in a process: it takes as long as a dozen calls, and each client would do it anew."""
    return httpx2.create_ssl_context(trust_env=False)


class RoundRobinTransport(httpx2.AsyncBaseTransport):
    """Several addresses of one service take turns; a refused connection goes to the next."""

    def __init__(self, addresses: Sequence[str]) -> None:
        """Addresses are `http://host:port`."""
        self._addresses = [httpx2.URL(address) for address in addresses]
        self._turn = itertools.count()
        self._transport = httpx2.AsyncHTTPTransport(_certificates(), limits=httpx2.Limits(keepalive_expiry=30))

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Sends to the address whose turn it is, then to the others while none accepts."""
        first = next(self._turn)
        for step in range(len(self._addresses)):
            address = self._addresses[(first + step) % len(self._addresses)]
            request.url = request.url.copy_with(host=address.host, port=address.port)
            try:
                return await self._transport.handle_async_request(request)
            except httpx2.ConnectError:
                if step + 1 == len(self._addresses):
                    raise
        raise httpx2.ConnectError("no address")

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._transport.aclose()


class Peers:
    """A client of the other services, with a service token, a deadline and the trace on every call."""

    def __init__(
        self,
        transports: Mapping[str, httpx2.AsyncBaseTransport],
        token: Callable[[str], str],
        deadline: float = DEADLINE_SECONDS,
    ) -> None:
        """`transports` maps a service's name to the way there; `token` makes the service token for it."""
        mounts = {f"http://{name}": transport for name, transport in transports.items()}
        self._client = httpx2.AsyncClient(verify=_certificates(), mounts=mounts, timeout=deadline, trust_env=False)
        self._token = token

    async def ask(
        self,
        operation: Endpoint[A],
        body: BaseModel | None = None,
        query: Mapping[str, str | int | float] = NO_QUERY,
        **ids: UUID,
    ) -> A:
        """The peer's answer, or its problem raised as the same family; Unavailable where there was no good answer.

        After Unavailable the outcome is unknown, so what changes anything must be safe to repeat.
        """
        path = operation.path.format(**ids) + (f"?{urlencode(query, safe=':')}" if query else "")
        answer = await self.call(operation.method, operation.service, path, body)
        try:
            return operation.answer.model_validate(answer)
        except ValidationError as error:
            raise Unavailable(f"{operation.service} answered in another form than agreed.") from error

    async def get(self, service: str, path: str) -> Json:
        """What a peer publishes for everybody, as JSON; raises as `ask` does."""
        return await self.call("GET", service, path)

    async def call(self, method: str, service: str, path: str, body: BaseModel | None = None) -> Json:
        """One call to a peer, with no transaction open."""
        if inside_transaction():
            raise RuntimeError(f"{method} http://{service}{path} was called inside a transaction")
        with telemetry.calling(method, service, path):
            headers = {"Authorization": f"Bearer {self._token(service)}", "Content-Type": "application/json"}
            if traceparent := trace.traceparent():
                headers["traceparent"] = traceparent
            content = None if body is None else body.model_dump_json().encode()
            try:
                response = await self._client.request(
                    method, f"http://{service}{path}", content=content, headers=headers
                )
            except httpx2.TransportError as error:
                raise Unavailable(f"{service} does not answer.") from error
            return _answer(service, response)

    async def close(self) -> None:
        """Closes the connections."""
        await self._client.aclose()


def _answer(service: str, response: httpx2.Response) -> Json:
    try:
        body: Json = orjson.loads(response.content) if response.content else {}
    except orjson.JSONDecodeError as error:
        raise Unavailable(f"{service} answered {response.status_code} without JSON.") from error
    if response.is_success:
        return body
    problem = from_problem(response.status_code, body)
    if problem.status == 401 or problem.code == CallerNotAllowed.code:  # which says nothing about the user
        raise Unavailable(f"{service} does not accept our service token.")
    raise problem
