"""One OpenAPI document out of those of all services."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson
from starlette.types import ASGIApp

from gateway import errors
from gateway.asgi import ask
from gateway.openapi_examples import add_example, examples_of
from gateway.routes import RouteTable, segments_of
from shared.errors import ReadOnlyMode
from shared.observability import logs

log = logs.logger(service="gateway")

Document = dict[str, Any]

SCHEMAS = "#/components/schemas/"
BEARER = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "An access token of sign-in or of an app (`/oauth/token`), or an API key (`est_...`), which is no "
    "JWT. The scopes that an operation names bind apps and keys; that of sign-in has those of its account's roles.",
}
CODES = "x-codes"
OF_GATEWAY = tuple(
    error.code
    for error in (
        errors.BadRequest,
        errors.SlowRequest,
        errors.RequestLineTooLong,
        errors.HeadTooLarge,
        errors.BodyTooLarge,
        errors.TooManyRequests,
        ReadOnlyMode,
        errors.UpstreamBusy,
        errors.UpstreamUnreachable,
        errors.BadGateway,
        errors.GatewayTimeout,
    )
)
METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
ATTEMPTS = 3
ASK_SECONDS = 5.0
"""For one service, all attempts together."""
KEEP_SECONDS = 300.0
MISSING_SECONDS = 10.0
"""For so long a service that did not answer is not asked again, however often the document is read."""
DESCRIPTION = """The public API of this install: one document for all services.

Every path works with and without its trailing slash.
Errors are `application/problem+json`; quote `trace_id` to support. An operation's own codes are its `x-codes`; those
that any operation may answer are the `x-codes` of the whole document.
Live updates come over WebSockets: `/ws/booking-updates/`, `/ws/notifications/`, `/ws/chat/{conversation_id}/`,
with the access token as `?token=` or as subprotocol `bearer.<token>`."""


class Documents:
    """Fetches the services' documents when first asked for and keeps them for five minutes; one that could not be
    fetched is asked for again after ten seconds, and until then the last known one counts."""

    def __init__(
        self, upstreams: Mapping[str, ASGIApp], table: RouteTable, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`clock` gives seconds."""
        self._upstreams = upstreams
        self._table = table
        self._clock = clock
        self._kept: dict[str, tuple[bytes | None, float]] = {}
        self._made: tuple[dict[str, bytes], bytes] = ({}, b"")
        self._making = asyncio.Lock()

    async def merged(self) -> bytes:
        """The merged document as JSON, the same bytes until a service's changes; it says who could not be reached."""
        async with self._making:
            documents = await asyncio.gather(*(self._document_of(name) for name in self._upstreams))
            found = {name: found for name, found in zip(self._upstreams, documents, strict=True) if found is not None}
            if self._made[0] != found or not self._made[1]:
                self._made = (found, await asyncio.to_thread(self._merge, found))
            return self._made[1]

    def _merge(self, found: Mapping[str, bytes]) -> bytes:
        merged = public_of({name: orjson.loads(document) for name, document in found.items()}, self._table)
        if missing := sorted(self._upstreams.keys() - found.keys()):
            merged["info"]["description"] += f"\n\nNot reachable now, and missing here: {', '.join(missing)}."
        return orjson.dumps(merged)

    async def _document_of(self, name: str) -> bytes | None:
        known, until = self._kept.get(name, (None, 0.0))
        if until > self._clock():
            return known
        fetched = await self._fetch(name)
        document = known if fetched is None or fetched == known else fetched
        self._kept[name] = (document, self._clock() + (MISSING_SECONDS if fetched is None else KEEP_SECONDS))
        return document

    async def _fetch(self, name: str) -> bytes | None:
        give_up_at = time.monotonic() + ASK_SECONDS
        for attempt in range(ATTEMPTS):
            await asyncio.sleep(0.1 * attempt)
            try:
                answer = await ask(self._upstreams[name], "/openapi.json", timeout=give_up_at - time.monotonic())
                if answer.status == 200:
                    return answer.body
                log.warning("no OpenAPI document", upstream=name, status=answer.status)
            except Exception as error:
                log.warning("no OpenAPI document", upstream=name, reason=str(error) or type(error).__name__)
        return None


def public_of(documents: Mapping[str, Document], table: RouteTable) -> Document:
    """The one document of these services: what the gateway leads to them, and nothing internal."""
    return merge({name: _public(name, document, table) for name, document in documents.items()})


def _public(name: str, document: Document, table: RouteTable) -> Document:
    paths = {path: item for path, item in document.get("paths", {}).items() if _answers(name, path, table)}
    return {**document, "paths": paths}


def _answers(name: str, path: str, table: RouteTable) -> bool:
    route = table.find(segments_of(path, b"") or [])
    return route is not None and route.upstream == name


def merge(documents: Mapping[str, Document]) -> Document:
    """Joins the services' documents: a tag per service, equal schemas once, others prefixed with their service."""
    names = _schema_names(documents)
    operation_ids = Counter(op.get("operationId") for document in documents.values() for op in _operations(document))
    paths: Document = {}
    schemas: Document = {}
    for service, document in documents.items():
        paths |= _rewritten(document["paths"], names[service])
        for _, operation in _each(paths, document["paths"]):
            if example := examples_of(service).get(operation.get("operationId", "")):
                add_example(operation, example)
            _belongs_to(operation, service, operation_ids)
        for name, schema in _schemas(document).items():
            schemas[names[service][name]] = _titled(_rewritten(schema, names[service]), name, names[service][name])
    needed = _needed(paths, schemas)
    return {
        "openapi": "3.1.0",
        CODES: sorted({code for document in documents.values() for code in document.get(CODES, ())} | set(OF_GATEWAY)),
        "info": {"title": "Estuary", "version": "1", "description": DESCRIPTION},
        "servers": [{"url": "/"}],
        "tags": [{"name": service} for service in documents],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {name: schemas[name] for name in sorted(needed)},
            "securitySchemes": {"bearer": BEARER},
        },
    }


def _titled(schema: Document, old: str, new: str) -> Document:
    """Generated clients call a class by the title of its schema."""
    return {**schema, "title": new} if schema.get("title") == old else schema


def _each(paths: Document, of: Document) -> Iterator[tuple[str, Document]]:
    for path in of:
        for method, operation in paths[path].items():
            if method in METHODS:
                yield method, operation


def _operations(document: Document) -> Iterator[Document]:
    for _, operation in _each(document["paths"], document["paths"]):
        yield operation


def _belongs_to(operation: Document, service: str, operation_ids: Counter[Any]) -> None:
    operation["tags"] = [service]
    if operation_ids[operation.get("operationId")] > 1:
        operation["operationId"] = f"{service}_{operation['operationId']}"
    # A service says which of its operations need a token, and with which scopes; all others take one if it is given.
    said = operation.get("security") or [{}]
    scopes = [scope for needed in said for named in needed.values() for scope in named]
    operation["security"] = [{}, {"bearer": []}] if {} in said else [{"bearer": scopes}]


def _schemas(document: Document) -> Document:
    return dict(document.get("components", {}).get("schemas", {}))


def _schema_names(documents: Mapping[str, Document]) -> dict[str, dict[str, str]]:
    """The name of each service's schemas in the merged document."""
    owners = Counter(name for document in documents.values() for name in _schemas(document))
    differing = _differing(documents, owners)
    return {
        service: {name: f"{service.capitalize()}{name}" if name in differing else name for name in _schemas(document)}
        for service, document in documents.items()
    }


def _differing(documents: Mapping[str, Document], owners: Counter[str]) -> set[str]:
    """Names that mean different things in different services, also by way of what they refer to."""
    contents: dict[str, set[bytes]] = {}
    refers: dict[str, set[str]] = {}
    for document in documents.values():
        for name, schema in _schemas(document).items():
            contents.setdefault(name, set()).add(orjson.dumps(schema, option=orjson.OPT_SORT_KEYS))
            refers.setdefault(name, set()).update(_references(schema))
    differing = {name for name, forms in contents.items() if len(forms) > 1}
    while more := {name for name, to in refers.items() if owners[name] > 1 and to & differing} - differing:
        differing |= more
    return differing


def _references(content: Any) -> set[str]:
    if isinstance(content, str):
        return {content.removeprefix(SCHEMAS)} if content.startswith(SCHEMAS) else set()
    parts = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    return set().union(*(_references(part) for part in parts))


def _rewritten(content: Any, names: Mapping[str, str]) -> Any:
    """A copy in which every reference to a schema (also in a discriminator's mapping) has its new name."""
    if isinstance(content, dict):
        return {key: _rewritten(value, names) for key, value in content.items()}
    if isinstance(content, list):
        return [_rewritten(part, names) for part in content]
    if isinstance(content, str) and content.startswith(SCHEMAS):
        name = content.removeprefix(SCHEMAS)
        return SCHEMAS + names.get(name, name)
    return content


def _needed(paths: Document, schemas: Document) -> set[str]:
    """The schemas that public operations lead to: those of internal paths alone are not shown."""
    needed: set[str] = set()
    waiting = _references(paths)
    while waiting:
        needed |= waiting & schemas.keys()
        waiting = set().union(*(_references(schemas[name]) for name in waiting if name in schemas)) - needed
    return needed
