"""Makes a service's app: routes, problems, health, metrics; and carries its consumers and jobs for the worker."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from shared import trace
from shared.auth.verification import EDGE_CHANGED
from shared.errors import AppError, FieldError, Invalid, NotFound, Unavailable
from shared.events.base import Consumers
from shared.messaging.inbox import database_is_away
from shared.observability.logs import logger
from shared.runtime import Runtime
from shared.web import audit
from shared.web.edge import Edge, TooLarge
from shared.web.http import Route, runtime_of
from shared.web.openapi import document_of
from shared.web.privacy import internal as held_of_people
from shared.web.shedding import Load, LoadSettings
from shared.web.unions import invalid_request
from shared.work.erasure import Privacy
from shared.work.jobs import Jobs

Hook = Callable[[], Awaitable[None]]
log = logger()


def build(  # noqa: PLR0913  everything that a service is made of, by name
    runtime: Runtime,
    *,
    title: str,
    routers: Sequence[APIRouter],
    consumers: Consumers | None = None,
    jobs: Jobs | None = None,
    on_start: Sequence[Hook] = (),
    on_stop: Sequence[Hook] = (),
    audited: bool = True,
    privacy: Privacy | None = None,
) -> FastAPI:
    """One service's app. `on_start` and `on_stop` run in its lifespan, which the composition root enters.

    `audited`: its schema has an audit log, which identity may read. `privacy`: what it holds of people, likewise.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        for hook in on_start:
            await hook()
        try:
            yield
        finally:
            for hook in on_stop:
                await hook()

    app = FastAPI(
        title=title,
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.runtime, app.state.consumers, app.state.jobs = runtime, dict(consumers or {}), dict(jobs or {})
    app.state.audited, app.state.privacy = audited, privacy
    app.state.large_bodies = asyncio.Lock()
    internal = [*([audit.internal] if audited else []), *([held_of_people] if privacy else [])]
    for router in [*routers, *internal, health]:
        app.router.routes.extend(router.routes)  # `include_router` would make every route anew, at the first request
    _handle_errors(app)
    app.openapi = lambda: document_of(app)  # type: ignore[method-assign]  # FastAPI's own way to replace the document
    load = Load(LoadSettings.of(runtime.env), runtime.service)
    app.add_middleware(Edge, service=runtime.service, load=load)
    runtime.bus.listen(EDGE_CHANGED, runtime.verifier.hear)
    return app


health = APIRouter(include_in_schema=False, route_class=Route)


@health.get("/health/live")
async def live() -> dict[str, str]:
    return {"status": "ok"}


@health.get("/health/ready")
async def ready(runtime: Annotated[Runtime, Depends(runtime_of)]) -> dict[str, str]:
    if not runtime.bus.healthy():
        raise Unavailable("The event bus makes no progress.")
    await runtime.db.ping()
    return {"status": "ok"}


@health.get("/metrics")
async def metrics() -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _handle_errors(app: FastAPI) -> None:
    for kind, handler in {
        AppError: _app_error,
        RequestValidationError: _validation_error,
        HTTPException: _http_exception,
        DBAPIError: _database_error,
        PoolTimeout: _database_error,
        OSError: _database_error,
    }.items():
        app.add_exception_handler(kind, handler)


async def _app_error(_: Request, error: Any) -> Response:
    return problem(error)


async def _validation_error(_: Request, error: Any) -> Response:
    reasons = error.errors()
    if any(reason["loc"][0] == "path" for reason in reasons):
        return problem(NotFound())
    return problem(invalid_request(reasons, error.body))


async def _http_exception(request: Request, error: Any) -> Response:
    family: AppError | None = {404: NotFound(), 405: MethodNotAllowed(), 413: TooLarge()}.get(error.status_code)
    if family is None:
        family = _unreadable(error) if error.status_code < 500 else AppError()
    family.headers.update(error.headers or {})
    if error.status_code == MethodNotAllowed.status:
        family.headers["Allow"] = _allowed(request)
    return problem(family)


def _unreadable(error: Any) -> Invalid:
    # FastAPI's own word for a body that no parser gets through: not UTF-8, too deep, a number of thousands of digits.
    return Invalid(errors=[FieldError(field="", message=str(error.detail), code="json_invalid")])


def _allowed(request: Request) -> str:
    """All methods of the path: the framework names only those of the first route that has it."""
    path = request.scope["path"]
    fitting = [route for route in iter_route_contexts(request.app.routes) if route.path_regex.match(path)]
    same = [route for route in fitting if route.path == fitting[0].path]
    return ", ".join(sorted({name for route in same for name in route.methods or ()}))


async def _database_error(_: Request, error: Any) -> Response:
    if isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", "") in {
        "22P02",
        "22003",
        "22021",
        "22007",
        "22008",
    }:
        return problem(Invalid("A value is out of range."))
    if not database_is_away(error):
        raise error
    log.warning("database.away", error=repr(error))
    return problem(Unavailable())


class MethodNotAllowed(AppError):
    """The path exists, but not with this method."""

    status, title, code, detail = 405, "Method not allowed", "method_not_allowed", "This path has no such method."


def problem(error: AppError) -> JSONResponse:
    """The error as an answer."""
    body = error.problem(trace.trace_id())
    return JSONResponse(body, error.status, error.headers, media_type="application/problem+json")
