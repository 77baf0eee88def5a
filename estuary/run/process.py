"""A process of its own: how it starts, serves and ends; `serve` and `work`. The same apps as in one process."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from fastapi import FastAPI

from estuary.run import remote_clock
from estuary.run.clients import follow_edge
from estuary.run.connection_limits import Admission
from estuary.run.postgres import lacking
from estuary.run.readiness import HEALTH, ReadinessMiddleware
from estuary.run.resources import ProcessResources, database_url, process_resources
from estuary.run.server import Server, listen
from estuary.services import create_app
from estuary.settings import EstuarySettings
from shared.concurrency.tasks import end
from shared.database.connections import engine_of
from shared.observability.logs import logger
from shared.records.clock import SandboxClock
from shared.runtime import Runtime
from shared.work.worker import Worker

PARENT = "ESTUARY_PARENT"
"""The process id of a cluster: its processes end when it is gone."""
Hook = Callable[[], Awaitable[None]]
Running = AbstractAsyncContextManager[None]
log = logger()


async def serve(settings: EstuarySettings, env: Mapping[str, str], name: str) -> None:
    """A service's HTTP, until a signal."""
    resources = process_resources(settings, env, name, "serve")
    runtime = resources.runtime(name)
    app = create_app(name, runtime)
    hubs = [app.state.hub.stop] if hasattr(app.state, "hub") else []
    await run(
        resources, ReadinessMiddleware(app), app_running(runtime, app), [lambda: follow_edge(resources.verifier)], hubs
    )


async def work(settings: EstuarySettings, env: Mapping[str, str], name: str) -> None:
    """A service's relay, consumers and jobs, until a signal; its HTTP is health and metrics."""
    resources = process_resources(settings, env, name, "work")
    runtime = resources.runtime(name)
    app = create_app(name, runtime)
    await run(resources, ReadinessMiddleware(app, only=HEALTH), app_running(runtime, app), [Worker(app).run])


async def await_schema(env: Mapping[str, str], name: str) -> None:
    """Returns when that schema is at this release's version, or a later one; says once what it waits for."""
    url, said = database_url(env, name), ""
    engine = engine_of(url)
    try:
        while True:
            try:
                async with engine.connect() as connection:
                    reason = await lacking(connection, name)
                if reason is None:
                    return
            except Exception as error:
                reason = f"the database does not answer: {error}"
            if reason != said:
                log.warning("process.waits", reason=reason)
                said = reason
            await asyncio.sleep(0.5)
    finally:
        await engine.dispose()


async def run(
    resources: ProcessResources,
    readiness: ReadinessMiddleware,
    running: Running,
    tasks: Sequence[Hook],
    hubs: Sequence[Hook] = (),
    admission: Admission | None = None,
) -> None:
    """Listens at once, becomes ready when everything runs, ends in the reverse order: at a signal, after its parent,
    or when one of the tasks does."""
    settings = resources.settings
    listener = listen(settings)
    server = Server(readiness, [lambda: readiness.drain(settings.drain_seconds), *hubs], admission)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    body = asyncio.create_task(_body(resources, readiness, running, tasks, serving))
    alone = asyncio.create_task(_parent_gone(int(resources.env.get(PARENT) or 0)))
    await asyncio.wait([serving, body, alone], return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    await serving
    alone.cancel()
    if not readiness.running:
        body.cancel()
    [end] = await asyncio.gather(body, return_exceptions=True)
    listener.close()
    if isinstance(end, Exception):
        raise end


async def _body(
    resources: ProcessResources,
    readiness: ReadinessMiddleware,
    running: Running,
    tasks: Sequence[Hook],
    serving: asyncio.Task[None],
) -> None:
    async with AsyncExitStack() as stack:
        stack.push_async_callback(resources.peers.close)
        clock = resources.clock
        if isinstance(clock, SandboxClock) and resources.name != "sandbox":
            await remote_clock.wait_until_known(clock, resources.peers)
            _start(stack, remote_clock.follow(clock, resources.peers))
        await stack.enter_async_context(running)
        await resources.bus.start()
        stack.push_async_callback(resources.bus.stop)
        started = [_start(stack, task()) for task in tasks]
        readiness.running = True
        await asyncio.wait([serving, *started], return_when=asyncio.FIRST_COMPLETED)
        for task in started:
            if task.done():
                task.result()
                raise RuntimeError("a part of this process has ended")


def _start(stack: AsyncExitStack, work: Awaitable[None]) -> asyncio.Future[None]:
    task = asyncio.ensure_future(work)
    stack.push_async_callback(end, task)
    return task


async def _parent_gone(parent: int) -> None:
    """Returns when this process belongs to somebody else than at its start; never without a parent."""
    while not parent or os.getppid() == parent:  # noqa: ASYNC110  # the system tells nobody
        await asyncio.sleep(1)


@asynccontextmanager
async def app_running(runtime: Runtime, app: FastAPI) -> AsyncIterator[None]:
    """The app's lifespan, once its schema is there."""
    try:
        await await_schema(runtime.env, runtime.service)
        async with app.router.lifespan_context(app):
            yield
    finally:
        await runtime.db.close()
