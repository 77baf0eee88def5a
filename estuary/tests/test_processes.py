"""When a process is ready, and how it ends."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import httpx2
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from devtools.cluster.cluster import plan, replicas_of
from devtools.testing.fixtures import RuntimeFactory, runtime_on
from devtools.testing.waiting import PATIENCE
from estuary.run import remote_clock, resources
from estuary.run.readiness import HEALTH, ReadinessMiddleware
from estuary.run.server import Server, listen
from estuary.sandbox.app import create_app as create_sandbox
from estuary.settings import EstuarySettings, free_port
from shared.records.clock import SandboxClock
from shared.settings import SettingsError

ClientFor = Callable[..., httpx2.AsyncClient]


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers everything; a socket waits for the client to leave."""
    if scope["type"] == "websocket":
        socket = WebSocket(scope, receive, send)
        await socket.accept()
        await socket.receive()
    else:
        await PlainTextResponse("here")(scope, receive, send)


class TestReadiness:
    async def test_alive_at_once_and_ready_when_it_runs(self, client_for: ClientFor):
        readiness = ReadinessMiddleware(app)
        client = client_for(readiness)
        assert (await client.get("/health/live")).status_code == 200
        waiting = await client.get("/health/ready")
        assert (waiting.status_code, waiting.json()["code"]) == (503, "unavailable")
        assert (await client.get("/api/v1/things/")).status_code == 503
        readiness.running = True
        assert (await client.get("/health/ready")).text == "here"
        assert (await client.get("/api/v1/things/")).text == "here"

    async def test_serves_before_it_is_seeded_but_is_not_ready(self, client_for: ClientFor):
        readiness = ReadinessMiddleware(app)
        readiness.running, readiness.seeded = True, False
        assert (await client_for(readiness).get("/api/v1/things/")).text == "here"
        assert (await client_for(readiness).get("/health/ready/")).status_code == 503

    async def test_draining_serves_on_but_is_not_ready_and_asks_for_new_connections(self, client_for: ClientFor):
        readiness = ReadinessMiddleware(app)
        readiness.running = True
        await readiness.drain(0)
        answer = await client_for(readiness).get("/api/v1/things/")
        assert (answer.text, answer.headers["connection"]) == ("here", "close")
        assert (await client_for(readiness).get("/health/ready")).status_code == 503
        assert (await client_for(readiness).get("/health/live")).status_code == 200

    async def test_a_worker_lets_only_health_and_metrics_through(self, client_for: ClientFor):
        readiness = ReadinessMiddleware(app, only=HEALTH)
        readiness.running = True
        assert (await client_for(readiness).get("/metrics")).text == "here"
        assert (await client_for(readiness).get("/api/v1/things/")).status_code == 404


async def test_sockets_are_told_1001_when_the_server_ends():
    settings = EstuarySettings.of({"ESTUARY_PORT": str(free_port())})
    server = Server(app)
    serving = asyncio.create_task(server.serve(sockets=[listen(settings)]))
    async with connect(f"ws://127.0.0.1:{settings.port}/ws/", proxy=None) as socket:
        server.should_exit = True
        with pytest.raises(ConnectionClosed):
            await asyncio.wait_for(socket.recv(), PATIENCE)
        assert socket.close_code == 1001
    await asyncio.wait_for(serving, PATIENCE)


class TestClock:
    async def test_a_process_learns_the_time_and_follows_at_once(self, runtime_for: RuntimeFactory):
        theirs = SandboxClock()
        sandbox = create_sandbox(await runtime_for("sandbox", clock_=theirs))
        peers = runtime_on("postgresql://nobody", "booking", theirs, {"sandbox": sandbox}, {}).peers
        clock = SandboxClock()
        theirs.set_offset(timedelta(days=2))
        await remote_clock.wait_until_known(clock, peers)
        assert clock.offset == theirs.offset
        following = asyncio.create_task(remote_clock.follow(clock, peers))
        await asyncio.sleep(0.2)
        theirs.set_offset(timedelta(days=3))
        sandbox.state.clock_moved.set()
        async with asyncio.timeout(1):
            while clock.offset != theirs.offset:  # noqa: ASYNC110  # no event says so
                await asyncio.sleep(0.01)
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        await peers.close()


class TestAddresses:
    def test_defaults_and_several(self):
        settings = EstuarySettings.of({"ESTUARY_PEERS": "booking=http://a:1|http://b:2, payments=http://c:3"})
        found = resources.addresses(settings)
        assert found["booking"] == ["http://a:1", "http://b:2"]
        assert found["payments"] == ["http://c:3"]
        assert found["catalog"] == ["http://catalog:8000"]

    def test_nonsense_is_one_line(self):
        with pytest.raises(SettingsError, match="ESTUARY_PEERS: booking is not name="):
            resources.addresses(EstuarySettings.of({"ESTUARY_PEERS": "booking"}))

    def test_what_is_missing_is_named(self):
        with pytest.raises(SettingsError, match="KAFKA_BOOTSTRAP_SERVERS"):
            resources.process_resources(EstuarySettings.of({}), {}, "booking", "serve")
        with pytest.raises(SettingsError, match="BOOKING_DATABASE_URL"):
            resources.database_url({}, "booking")
        assert resources.database_url({"DATABASE_URL": "a", "BOOKING_DATABASE_URL": "b"}, "booking") == "b"


class TestCluster:
    def test_one_number_is_for_all(self):
        names = [child.name for child in plan(EstuarySettings.of({}), replicas_of("2"))]
        assert {"gateway 2", "serve identity 2", "work booking 2", "sandbox"} <= set(names)

    def test_named_ones_have_their_own_number_and_the_others_one(self):
        names = [child.name for child in plan(EstuarySettings.of({}), replicas_of("booking=2,payments=3"))]
        assert {"serve booking 2", "work booking 2", "serve payments 3", "serve identity", "gateway"} <= set(names)
        assert "serve booking 3" not in names

    @pytest.mark.parametrize("given", ["0", "9", "-1", "two", "booking", "booking=0", "library=2"])
    def test_anything_else_is_refused(self, given: str):
        with pytest.raises(SettingsError, match="REPLICAS: from 1 to 8"):
            replicas_of(given)
