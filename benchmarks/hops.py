"""The processes of the gateway's measurement: what answers, what stands before it, and the collector of traces."""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import psutil
import uvloop
from starlette.types import ASGIApp, Receive, Scope, Send

from benchmarks.bare import listens
from estuary.run.gateway_process import closing
from estuary.run.readiness import ReadinessMiddleware
from estuary.run.server import Server, listen
from estuary.settings import EstuarySettings, free_port
from gateway.app import create_app
from gateway.proxy import Proxy
from gateway.settings import GatewaySettings
from shared.auth.verification import Verifier
from shared.observability import logs, telemetry

ANSWER = orjson.dumps({"results": [{"id": number, "title": "A session of half an hour"} for number in range(20)]})
NGINX = """
worker_processes 1; daemon off; pid {home}/{port}.pid; error_log {home}/nginx.err;
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests 100000000;
  client_body_temp_path {home}; proxy_temp_path {home}; fastcgi_temp_path {home};
  uwsgi_temp_path {home}; scgi_temp_path {home};
  {upstream}
  server {{ listen 127.0.0.1:{port} backlog=1024; location / {{ {answer} }} }}
}}
"""
POOL = "upstream behind {{ server 127.0.0.1:{port}; keepalive 64; keepalive_requests 100000000; }}"
PASSED_ON = 'proxy_pass http://behind; proxy_http_version 1.1; proxy_set_header Connection ""; '
PASSED_ON += "proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Request-ID $request_id;"


@dataclass(frozen=True, slots=True)
class Hop:
    """A running server; `costs` are the processes whose CPU counts."""

    port: int
    process: psutil.Process

    def cpu(self) -> float:
        """CPU seconds so far, of it and of its workers."""
        times = [each.cpu_times() for each in (self.process, *self.process.children())]
        return float(sum(each.user + each.system for each in times))


def nginx() -> str | None:
    """The program, None where it is not installed."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


@asynccontextmanager
async def started(home: Path, what: str, **env: str) -> AsyncIterator[Hop]:
    """One of the servers below as a process of its own, listening."""
    port = free_port()
    own = {"ESTUARY_HOST": "127.0.0.1", "ESTUARY_PORT": str(port), "HOPS_HOME": str(home)}
    with (home / f"{what}-{port}.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.hops", what, env={**os.environ, **own, **env}, stdout=log, stderr=log
        )
        try:
            await listens(port, process)
            yield Hop(port, psutil.Process(process.pid))
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


def answering(env: Mapping[str, str]) -> None:
    """What is behind everything: one fixed answer, by nginx or else by a raw ASGI app."""
    if nginx() is None:
        _serve(_fixed, env)
    _become_nginx(env, "", f"default_type application/json; return 200 '{ANSWER.decode()}';")


def reverse_proxy(env: Mapping[str, str]) -> None:
    """nginx with a pool of connections."""
    _become_nginx(env, POOL.format(port=env["BEHIND"]), PASSED_ON)


def _become_nginx(env: Mapping[str, str], upstream: str, answer: str) -> None:
    home, port = Path(env["HOPS_HOME"]), env["ESTUARY_PORT"]
    written = home / f"{port}.conf"
    written.write_text(NGINX.format(home=home, port=port, upstream=upstream, answer=answer))
    program = str(nginx())
    os.execv(program, [program, "-p", str(home), "-c", str(written)])  # no shell wanted


def collector(env: Mapping[str, str]) -> None:
    """Takes traces and forgets them."""
    _serve(_fixed, env)


def bare(env: Mapping[str, str]) -> None:
    """The peer: forwards method, path, headers and body, and returns the answer, nothing else."""
    _serve(Bare(f"http://127.0.0.1:{env['BEHIND']}"), env)


def ours(env: Mapping[str, str]) -> None:
    """The gateway as `estuary gateway` puts it together, with keys given instead of fetched."""
    logs.configure("INFO")
    telemetry.configure(env)
    keys = orjson.loads(env["KEYS"])

    async def fetch_keys() -> Mapping[str, Any]:
        return {"keys": keys}

    settings = GatewaySettings.of(env)
    proxy = Proxy.of(settings, [f"http://127.0.0.1:{env['BEHIND']}"])
    edge = create_app(settings, Verifier(fetch_keys), {"catalog": proxy})
    front = ReadinessMiddleware(edge)
    front.running = True
    _serve(front, env, proxy, beside=edge.run)
    telemetry.close()


def _serve(
    app: ASGIApp,
    env: Mapping[str, str],
    *proxies: Proxy,
    beside: Callable[[], Coroutine[Any, Any, None]] | None = None,
) -> None:
    async def main() -> None:
        async with closing(proxies), asyncio.TaskGroup() as tasks:
            running = tasks.create_task(beside()) if beside is not None else None
            await server.serve(sockets=[listen(EstuarySettings.of(env))])
            if running is not None:
                running.cancel()

    server = Server(app)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())


async def _fixed(scope: Scope, receive: Receive, send: Send) -> None:
    await _body_of(receive)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(ANSWER)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": ANSWER})


class Bare:
    """A proxy as one writes it in a quarter of an hour, over aiohttp."""

    def __init__(self, base: str) -> None:
        """Before one address."""
        self._base = base
        self._session: aiohttp.ClientSession | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes one request on."""
        if self._session is None:
            cookies, connector = aiohttp.DummyCookieJar(), aiohttp.TCPConnector(limit=128)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=cookies, auto_decompress=False)
        body = await _body_of(receive)
        target = self._base + scope["path"]
        if scope["query_string"]:
            target += "?" + scope["query_string"].decode()
        headers = [(name.decode(), value.decode()) for name, value in scope["headers"] if name != b"host"]
        method = scope["method"]
        async with self._session.request(
            method, target, headers=headers, data=body or None, allow_redirects=False
        ) as got:
            content, passed = await got.read(), [(name.lower(), value) for name, value in got.raw_headers]
        await send({"type": "http.response.start", "status": got.status, "headers": passed})
        await send({"type": "http.response.body", "body": content})


async def _body_of(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    return body


KINDS = {"answering": answering, "reverse_proxy": reverse_proxy, "collector": collector, "bare": bare, "ours": ours}

if __name__ == "__main__":
    KINDS[sys.argv[1]](os.environ)
