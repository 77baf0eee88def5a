"""Everything in one process: each service's app and worker, the sandbox and the gateway, wired in memory."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import httpx2
from fastapi import FastAPI

from estuary.run.clients import exchange_with, follow_edge, make_verifier_and_clients
from estuary.run.postgres import schemas
from estuary.run.readiness import ReadinessMiddleware
from estuary.run.service_keys import derived
from estuary.sandbox.app import create_app as create_sandbox
from estuary.services import create_app
from estuary.settings import EstuarySettings, service_environment
from gateway.app import create_app as create_gateway
from gateway.settings import GatewaySettings
from shared.auth.verification import EDGE_CHANGED, Verifier
from shared.concurrency.tasks import end
from shared.database.migrate import role_of
from shared.database.session import Database
from shared.messaging.bus import InProcessBus
from shared.records.clock import Clock, SandboxClock, SystemClock
from shared.runtime import Runtime
from shared.work.worker import Worker

POOL_SIZE = 12


@dataclass
class AllInOne:
    """What was built; nothing runs before `run`."""

    settings: EstuarySettings
    apps: dict[str, FastAPI] = field(default_factory=dict)
    gateway: ReadinessMiddleware | None = None
    gateway_verifier: Verifier | None = None
    beside_requests: Callable[[], Coroutine[None, None, None]] | None = None
    """What the gateway does beside requests."""

    def runtime(self, name: str) -> Runtime:
        """The Runtime of that service."""
        found: Runtime = self.apps[name].state.runtime
        return found


class InProcess(httpx2.AsyncBaseTransport):
    """Calls a service whose app is in this process, also one that is built later."""

    def __init__(self, apps: Mapping[str, FastAPI], name: str) -> None:
        """`apps` is looked into at each call."""
        self._apps, self._name = apps, name

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Calls the app; what it raises is a 500 to the caller, as it would be over a network."""
        app = httpx2.ASGITransport(self._apps[self._name], raise_app_exceptions=False)
        return await app.handle_async_request(request)


def build(settings: EstuarySettings, env: Mapping[str, str], url: str) -> AllInOne:
    """Builds all apps on that database; raises SettingsError for a bad setting of any service."""
    all_in_one, bus = AllInOne(settings), InProcessBus()
    clock: Clock = SandboxClock() if settings.stand_ins else SystemClock()
    env = service_environment(settings, env)
    names = schemas(settings)
    transports = {name: InProcess(all_in_one.apps, name) for name in names}
    for name in names:
        db = Database(url, schema=name, clock=clock, role=role_of(name), pool_size=POOL_SIZE)
        own_tokens = derived(name, env["ESTUARY_SERVICE_KEY"])
        verifier, peers = make_verifier_and_clients(own_tokens, transports, read_only=settings.read_only)
        runtime = Runtime(name, db, bus, peers, clock, verifier, env)
        all_in_one.apps[name] = create_sandbox(runtime) if name == "sandbox" else create_app(name, runtime)
    tokens = derived("gateway", env["ESTUARY_SERVICE_KEY"])
    verifier, peers = make_verifier_and_clients(tokens, transports, read_only=settings.read_only)
    bus.listen(EDGE_CHANGED, verifier.hear)
    all_in_one.gateway_verifier = verifier
    gateway = create_gateway(GatewaySettings.of(env), verifier, all_in_one.apps, tokens, exchange_with(peers))
    all_in_one.gateway, all_in_one.beside_requests = ReadinessMiddleware(gateway), gateway.run
    all_in_one.gateway.running, all_in_one.gateway.seeded = True, False
    return all_in_one


@asynccontextmanager
async def running(all_in_one: AllInOne) -> AsyncIterator[None]:
    """Every app's lifespan and every worker, for as long as the context lasts."""
    async with AsyncExitStack() as stack:
        for app in all_in_one.apps.values():
            runtime: Runtime = app.state.runtime
            stack.push_async_callback(runtime.db.close)
            stack.push_async_callback(runtime.peers.close)
        for app in all_in_one.apps.values():
            await stack.enter_async_context(app.router.lifespan_context(app))
        workers = [Worker(app) for app in all_in_one.apps.values()]
        bus = all_in_one.runtime("identity").bus
        await bus.start()
        stack.push_async_callback(bus.stop)
        stack.push_async_callback(end, *(asyncio.create_task(worker.run()) for worker in workers))
        if all_in_one.gateway_verifier is not None:
            stack.push_async_callback(end, asyncio.create_task(follow_edge(all_in_one.gateway_verifier)))
        if all_in_one.beside_requests is not None:
            stack.push_async_callback(end, asyncio.create_task(all_in_one.beside_requests()))
        yield
