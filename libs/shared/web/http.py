"""The FastAPI side: one request is one transaction, committed before the answer leaves."""

from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import Depends, Request, Response
from fastapi.responses import StreamingResponse
from fastapi.routing import APIRoute
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from sqlalchemy.exc import DBAPIError

from shared.auth.edge_tokens import HEADER as EDGE_HEADER
from shared.auth.verification import Caller
from shared.database import audit
from shared.database.idempotency import IdempotentOperation, Stored, hash_of
from shared.database.session import Session
from shared.errors import (
    ERRORS_LISTED,
    AppError,
    Invalid,
    Unavailable,
)
from shared.records import text
from shared.records.formats import Format
from shared.records.times import in_utc, render_utc, rfc_3339
from shared.web.bodies import parse_large, with_few_unknown
from shared.web.codes import errors_of as errors_of
from shared.web.field_selection import select_fields
from shared.web.guards import Guards, in_person, keyed, proven, service_only
from shared.web.guards import called_by as called_by
from shared.web.guards import confirmed as confirmed
from shared.web.guards import demand_confirmation as demand_confirmation
from shared.web.guards import maybe_signed as maybe_signed
from shared.web.guards import needs as needs
from shared.web.guards import signed as signed

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
RETRY_STATES = {"40P01", "40001"}

Text = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(text.one_line), Format("line")]
"""A person's text of one line, of at most 200 characters: stripped, visible."""
LongText = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(text.lines), Format("lines")]
"""A person's text where more than 200 characters are allowed: line breaks and tabs may stand in it."""
UtcTime = Annotated[
    AwareDatetime,
    BeforeValidator(rfc_3339),
    AfterValidator(in_utc),
    PlainSerializer(render_utc, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
"""RFC 3339 in, UTC with a Z out."""


class Body(BaseModel):
    """Base of every request body: what is not named is refused."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _few_unknown(cls, given: Any) -> Any:
        if isinstance(given, dict) and len(given) > len(cls.model_fields) + ERRORS_LISTED:
            return with_few_unknown(given, cls)
        return given


class View(BaseModel):
    """Base of every answer."""

    model_config = ConfigDict(from_attributes=True)

    @classmethod
    def showing(cls, shown: Any, **other: Any) -> Self:
        """The view of an object whose attributes have the names of the fields, but for those given in `other`."""
        same = {name: getattr(shown, name) for name in cls.model_fields if name not in other}
        return cls(**same, **other)


class Route(APIRoute):
    """Runs the guards before the body is read, opens the request's transaction when first needed, commits before
    answering, honours Idempotency-Key. The name of its function is the operation's id in the document."""

    keyed = True
    guards: Guards

    def __init__(self, path: str, endpoint: Callable[..., Any], **given: Any) -> None:
        """As FastAPI's own, but that an answer without a body (204) has no media type either."""
        if given.get("status_code") == 204:
            given["response_class"] = Response
        super().__init__(path, endpoint, **given | {"generate_unique_id_function": _id_of})

    def get_route_handler(self) -> Handler:
        """FastAPI's own handler inside the transaction."""
        original = super().get_route_handler()
        guards = self.guards = Guards(self.dependant, self.path)

        async def handle(request: Request) -> Response:
            await guards.admit(request)
            await parse_large(request)
            operation, stored = await _operation(request) if self.keyed else (IdempotentOperation(), None)
            if stored is not None:
                return _replay(stored)
            try:
                return await _once_again_on_deadlock(request, operation, original)
            except Exception as error:
                refused = isinstance(error, AppError) and not isinstance(error, Unavailable)
                await operation.settle(request.app.state.runtime.db, refused=refused)
                raise

        return handle


def _id_of(route: APIRoute) -> str:
    return route.name


class UnkeyedRoute(Route):
    """A route that ignores Idempotency-Key."""

    keyed = False


async def _operation(request: Request) -> tuple[IdempotentOperation, Stored | None]:
    key = request.headers.get("idempotency-key")
    signs_as_person = "authorization" in request.headers and not request.url.path.startswith("/internal/")
    if key is None or request.method != "POST" or not signs_as_person:
        return IdempotentOperation(), None
    if not 1 <= len(key) <= 255 or not key.isprintable():
        raise Invalid("An Idempotency-Key has 1 to 255 printable characters.", field="Idempotency-Key")
    caller = await signed(request)
    request_hash = hash_of(request.method, request.url.path, await request.body(), caller.scopes)
    operation = IdempotentOperation(caller.user_id, key, request_hash)
    return operation, await operation.look(request.app.state.runtime.db)


async def _once_again_on_deadlock(request: Request, operation: IdempotentOperation, original: Handler) -> Response:
    try:
        return await _in_transaction(request, operation, original)
    except DBAPIError as error:
        claimed_apart = operation.started and request.state.session is None
        if getattr(error.orig, "sqlstate", None) not in RETRY_STATES or claimed_apart:
            raise
        operation.forget_try()
        return await _in_transaction(request, operation, original)


async def _in_transaction(request: Request, operation: IdempotentOperation, original: Handler) -> Response:
    async with AsyncExitStack() as stack:
        request.state.stack, request.state.session, request.state.operation = stack, None, operation
        response = await _with_audit_id(original, request)
        if request.url.query and "fields" in request.query_params and not isinstance(response, StreamingResponse):
            response = select_fields(request, response)
        session: Session | None = request.state.session
        if session is not None and operation.started and not operation.finished and response.status_code < 300:
            await operation.store(session, response.status_code, bytes(response.body))
    return response


async def _with_audit_id(original: Handler, request: Request) -> Response:
    """The answer; that to an act of staff names the first audit row of the act."""
    origin = _origin_of(request)
    with audit.of_request(origin) as rows:
        if origin.on_behalf_of is not None and request.method != "GET":
            await _note(request, origin.on_behalf_of)
        response = await original(request)
    if rows:
        response.headers["Audit-Id"] = str(rows[0])
    return response


def _origin_of(request: Request) -> audit.Origin:
    caller: Caller | None = getattr(request.state, "caller", None)
    runtime = request.app.state.runtime

    def address() -> str | None:
        given = request.headers.get(EDGE_HEADER)
        edge = None if given is None else runtime.verifier.edge(given)
        return None if edge is None else str(edge.address)

    if caller is None or caller.actor_id is None:
        return audit.Origin(address)
    return audit.Origin(address, caller.actor_id, caller.user_id)


async def _note(request: Request, person_id: UUID) -> None:
    """Writes that staff are about to change something in a person's place, whatever comes of it."""
    asked = {"method": request.method, "path": request.url.path}
    async with request.app.state.runtime.db.transaction() as session:
        await audit.record(session, person_id, "user.act_in_place", person_id, {}, asked)


def _replay(stored: Stored) -> Response:
    headers = {"Idempotent-Replayed": "true"}
    return Response(stored.body, stored.status, headers, media_type="application/json")


async def session_of(request: Request) -> Session:
    """The request's one session: a GET reads without a transaction, all else has one that claims the key too."""
    session: Session | None = request.state.session
    if session is None:
        db = request.app.state.runtime.db
        opened = db.read() if request.method == "GET" else db.transaction()
        session = await request.state.stack.enter_async_context(opened)
        request.state.session = session
        await request.state.operation.start(session)
    return session


async def runtime_of(request: Request) -> Any:
    """The service's Runtime."""
    return request.app.state.runtime


async def once_of(request: Request) -> IdempotentOperation:
    """The keyed operation, for use cases that make a remote call and open their own transactions."""
    operation: IdempotentOperation = request.state.operation
    return operation


SessionDep = Annotated[Session, Depends(session_of)]
Idempotency = Annotated[IdempotentOperation, Depends(once_of)]
Signed = Annotated[Caller, Depends(signed)]
MaybeSigned = Annotated[Caller | None, Depends(maybe_signed)]
ServiceOnly = Depends(service_only)
Keyed = Depends(keyed)
Proven = Depends(proven)
InPerson = Depends(in_person)
