"""One process of one kind: `serve`, `work`, `gateway`, `sandbox`. The same apps as in one process, over the network."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import httpx2
from fastapi import FastAPI
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from estuary.clocks import follow
from estuary.network import Surroundings, addresses, database_url, surroundings
from estuary.sandbox.app import create_app as create_sandbox
from estuary.seed import furnish
from estuary.server import Server
from estuary.services import create_app, migrations
from estuary.settings import EstuarySettings
from estuary.up import listen
from gateway.app import create_app as create_gateway
from gateway.proxy import Proxy
from gateway.settings import GatewaySettings
from shared.clock import SandboxClock
from shared.db import async_url
from shared.edge import send_problem
from shared.errors import Unavailable
from shared.inbox import database_is_away
from shared.logs import logger
from shared.migrate import newest_version, present_version
from shared.runtime import Runtime
from shared.worker import Worker

REFRESH_SECONDS = 30.0
Tasks = Sequence[Callable[[], Awaitable[None]]]
log = logger()


async def serve(settings: EstuarySettings, env: Mapping[str, str], name: str) -> None:
    """A service's HTTP, until a signal."""
    around = surroundings(settings, env, name, "serve")
    runtime = around.runtime(name)
    app = create_app(name, runtime)
    await _process(around, Starting(app), lambda: _app_running(runtime, app, name), _hubs(app))


async def work(settings: EstuarySettings, env: Mapping[str, str], name: str) -> None:
    """A service's relay, consumers and jobs, until a signal; its HTTP is health and metrics."""
    around = surroundings(settings, env, name, "work")
    runtime = around.runtime(name)
    app = create_app(name, runtime)
    worker = Worker(app)
    await _process(around, Starting(health_app(runtime)), lambda: _app_running(runtime, app, name), [], [worker.run])


async def gateway(settings: EstuarySettings, env: Mapping[str, str]) -> None:
    """The public edge over the network, until a signal."""
    around = surroundings(settings, env, "gateway", "edge")
    own = GatewaySettings.of(around.env)
    proxies = {name: Proxy.of(own, where) for name, where in addresses(settings).items()}
    edge = create_gateway(own, around.verifier, proxies)

    async def refresh() -> None:
        """Sessions that ended while this process was not listening are learned again and again."""
        while True:
            try:
                await around.verifier.refresh()
            except Exception as error:
                log.warning("gateway.keys_not_refreshed", error=repr(error))
            await asyncio.sleep(REFRESH_SECONDS)

    await _process(around, Starting(edge), lambda: _closing(proxies.values()), [], [refresh])


async def sandbox(settings: EstuarySettings, env: Mapping[str, str]) -> None:
    """The stand-ins, and the demo data: ready when they are there."""
    around = surroundings(settings, env, "sandbox", "serve")
    runtime = around.runtime("sandbox")
    app = create_sandbox(runtime)
    starting = Starting(app)
    starting.furnished = False
    own = GatewaySettings.of({**around.env, "GATEWAY_RATE_LIMITS": "off", "GATEWAY_ACCESS_LOG": "off"})
    others = {name: Proxy.of(own, where) for name, where in addresses(settings).items() if name != "sandbox"}
    edge = create_gateway(own, around.verifier, {**others, "sandbox": app})

    async def make_demo_data() -> None:
        """Through a gateway of its own: the public one is not ready before this is done."""
        transport = httpx2.ASGITransport(edge, raise_app_exceptions=False)
        while not starting.furnished:
            try:
                async with httpx2.AsyncClient(transport=transport, base_url="http://estuary", timeout=30) as client:
                    await furnish(client, settings)
                starting.furnished = True
            except Exception as error:
                log.info("sandbox.waits_for_services", error=str(error)[:300])
                await asyncio.sleep(1)

    @asynccontextmanager
    async def running() -> AsyncIterator[None]:
        async with _closing(others.values()), _app_running(runtime, app, "sandbox"):
            yield

    await _process(around, starting, running, [], [make_demo_data])


class Starting:
    """In front of an app: alive at once, not ready before the app runs, transparent after."""

    def __init__(self, app: ASGIApp) -> None:
        """Not running yet."""
        self.app, self.running, self.furnished = app, False, True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers the health questions itself until the app can."""
        path = scope.get("path", "").rstrip("/")
        if self.running and (self.furnished or path != "/health/ready"):
            await self.app(scope, receive, send)
        elif scope["type"] == "http" and path == "/health/live":
            await JSONResponse({"status": "ok"})(scope, receive, send)
        elif scope["type"] == "http":
            await send_problem(send, Unavailable("This process is still starting."))
        else:
            await send({"type": "websocket.close", "code": 1013})


def health_app(runtime: Runtime) -> ASGIApp:
    """What a worker answers: alive, ready (its database, and progress with Kafka), metrics."""

    async def live(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(_: Request) -> Response:
        try:
            await runtime.db.ping()
        except Exception as error:
            if not database_is_away(error):
                raise
            return JSONResponse({"status": "the database is away"}, 503)
        well = runtime.bus.healthy()
        return JSONResponse({"status": "ok" if well else "no progress with Kafka"}, 200 if well else 503)

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    pages = {"/health/live": live, "/health/ready": ready, "/metrics": metrics}
    return Starlette(routes=[Route(path, page) for path, page in pages.items()])


async def await_schema(env: Mapping[str, str], name: str) -> None:
    """Returns when that schema is at this release's version, or a later one; says once what it waits for."""
    url, wanted, said = database_url(env, name), newest_version(migrations(name)), ""
    engine = create_async_engine(async_url(url), poolclass=NullPool)
    try:
        while True:
            try:
                async with engine.connect() as connection:
                    present = await present_version(connection, name)
                reason = f"schema {name} is at {present}, this release needs {wanted}: run `estuary migrate {name}`"
                if present is not None and wanted is not None and present >= wanted:
                    return
            except Exception as error:
                reason = f"the database does not answer: {error}"
            if reason != said:
                log.warning("process.waits", reason=reason)
                said = reason
            await asyncio.sleep(0.5)
    finally:
        await engine.dispose()


async def _process(
    around: Surroundings,
    starting: Starting,
    running: Callable[[], object],
    hubs: Sequence[Callable[[], Awaitable[None]]],
    tasks: Tasks = (),
) -> None:
    """Listens at once, becomes ready when everything runs, and ends in the reverse order at a signal."""
    listener = listen(around.settings)
    server = Server(starting, hubs)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    body = asyncio.create_task(_body(around, starting, running, tasks, serving))
    await asyncio.wait([serving, body], return_when=asyncio.FIRST_COMPLETED)
    if not serving.done():  # the body failed: nothing is left to serve
        server.should_exit = True
    await serving
    body.cancel() if not body.done() else None
    await asyncio.gather(body, return_exceptions=True)
    listener.close()
    if not body.cancelled() and (error := body.exception()) is not None:
        raise error


async def _body(
    around: Surroundings, starting: Starting, running: Callable[[], object], tasks: Tasks, serving: asyncio.Task[None]
) -> None:
    async with AsyncExitStack() as stack:
        stack.push_async_callback(around.peers.close)
        if isinstance(around.clock, SandboxClock):
            await _start(stack, [lambda: follow(around.clock, around.peers)])  # type: ignore[arg-type]
        await stack.enter_async_context(running())  # type: ignore[arg-type]
        await around.bus.start()
        stack.push_async_callback(around.bus.stop)
        await _start(stack, tasks)
        starting.running = True
        await asyncio.wait([serving])


async def _start(stack: AsyncExitStack, tasks: Tasks) -> None:
    for task in tasks:
        stack.push_async_callback(_end, asyncio.ensure_future(task()))


async def _end(task: asyncio.Future[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def _app_running(runtime: Runtime, app: FastAPI, name: str) -> AsyncIterator[None]:
    """The app's lifespan, once its schema is there."""
    await await_schema(runtime.env, name)
    try:
        async with app.router.lifespan_context(app):
            yield
    finally:
        await runtime.db.close()


@asynccontextmanager
async def _closing(proxies: object) -> AsyncIterator[None]:
    try:
        yield
    finally:
        for proxy in proxies:  # type: ignore[attr-defined]
            await proxy.close()


def _hubs(app: FastAPI) -> list[Callable[[], Awaitable[None]]]:
    return [app.state.hub.stop] if hasattr(app.state, "hub") else []
