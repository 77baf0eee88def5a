"""The sandbox on a real port, a place that receives their webhooks, and the official SDK."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import stripe
import uvicorn
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from devtools.stripe.watched import Verdict, Watched
from devtools.testing.callers import headers_for
from devtools.testing.servers import IDLE_SECONDS
from devtools.testing.waiting import PATIENCE
from estuary.sandbox.app import create_app
from estuary.settings import free_port
from shared.records.clock import SandboxClock
from shared.runtime import Runtime

HAPPEN = "/api/v1/sandbox/stripe/happen/"
STAFF = ("user", "staff")


async def served(stack: AsyncExitStack, app: Any, port: int = 0) -> str:
    """Serves the app until the stack ends; its address."""
    own: dict[str, Any] = {"log_level": "warning", "access_log": False, "timeout_keep_alive": IDLE_SECONDS}
    config = uvicorn.Config(app, host="127.0.0.1", port=port, ws="none", **own)
    server = uvicorn.Server(config)
    server.config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    task = asyncio.create_task(server.main_loop())

    async def stop() -> None:
        server.should_exit = True
        await task
        await server.shutdown()

    stack.push_async_callback(stop)
    return f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"


@dataclass
class Receiver:
    """What receives webhooks: `status` is its answer, `hooks` the raw bodies with their signatures."""

    status: int = 200
    hooks: list[tuple[bytes, str]] = field(default_factory=list)
    address: str = ""
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self, request: Request) -> Response:
        """Keeps the webhook, and answers with the present status."""
        self.hooks.append((await request.body(), request.headers["stripe-signature"]))
        self.came.set()
        return Response(status_code=self.status)

    def events(self, kind: str | None = None) -> list[Any]:
        """The verified events that came so far, of that type."""
        found = [stripe.Webhook.construct_event(body, signed, "whsec_estuary") for body, signed in self.hooks]
        return [event for event in found if kind in (None, event.type)]

    async def wait_for(self, kind: str, count: int = 1, seconds: float = PATIENCE) -> list[Any]:
        """The events of that type, when there are that many."""
        async with asyncio.timeout(seconds):
            while len(self.events(kind)) < count:
                self.came.clear()
                await self.came.wait()
        return self.events(kind)


@dataclass
class Sandbox:
    """The running sandbox."""

    app: FastAPI
    runtime: Runtime
    address: str
    stripe: stripe.StripeClient
    hooks: Receiver

    @property
    def v1(self) -> Any:
        """The SDK's v1 services."""
        return self.stripe.v1

    async def paid(self, amount: int = 10_000, card: str = "pm_card_visa", **more: Any) -> Any:
        """A payment intent that was created and confirmed with that card."""
        params = {"amount": amount, "currency": "usd", "confirm": True, "payment_method": card, **more}
        return await self.v1.payment_intents.create_async(params)

    async def onboarded(self) -> Any:
        """A connected account that can receive."""
        params = {"type": "express", "capabilities": {"transfers": {"requested": True}}}
        account = await self.v1.accounts.create_async(params)
        link = await self.v1.account_links.create_async({"account": account.id, "type": "account_onboarding",
            "refresh_url": "https://example.org/again", "return_url": "https://example.org/done"})  # fmt: skip
        await self.get(link.url)
        return await self.v1.accounts.retrieve_async(account.id)

    async def get(self, url: str, **headers: str) -> Any:
        """GET of a page by a browser: status, headers and text."""
        async with aiohttp.ClientSession() as client, client.get(url, headers=headers) as response:
            return response.status, response.headers, await response.text()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Receives webhooks on a real port."""
    found = Receiver()
    async with AsyncExitStack() as stack:
        app = Starlette(routes=[Route("/hooks", found.receive, methods=["POST"])])
        found.address = await served(stack, app) + "/hooks"
        yield found


@pytest.fixture
def start(
    runtime_for: Any, receiver: Receiver, tmp_path: Path, stripe_verdict: Verdict, as_stripe_publishes: None
) -> Callable[..., Any]:
    """`await start(stack)`: a new sandbox; with `runtime`, those of an existing database again."""

    async def begin(stack: AsyncExitStack, runtime: Runtime | None = None, **env: str) -> Sandbox:
        given = {"ESTUARY_HOME": str(tmp_path), "SANDBOX_WEBHOOK_URL": receiver.address, "SANDBOX_SMTP_PORT": "0",
                 "SANDBOX_PAYOUT_SECONDS": "0.1", **env}  # fmt: skip
        port = free_port()
        given["ESTUARY_PORT"] = str(port)
        runtime = runtime or await runtime_for("sandbox", clock_=SandboxClock())
        runtime = Runtime(**{**vars(runtime), "env": given})
        app = create_app(runtime)
        address = await served(stack, Watched(app, stripe_verdict), port)
        stack.push_async_callback(stripe_verdict.read_events, runtime.db)
        client = stripe.AIOHTTPClient()
        stack.push_async_callback(client.close_async)
        base: Any = {"api": f"{address}/sandbox/stripe"}
        sdk = stripe.StripeClient("sk_test_estuary", base_addresses=base, http_client=client)
        return Sandbox(app, runtime, address, sdk, receiver)

    return begin


@pytest.fixture
async def sandbox(start: Any) -> AsyncIterator[Sandbox]:
    """A running sandbox on a fresh database."""
    async with AsyncExitStack() as stack:
        yield await start(stack)


@pytest.fixture
async def customer(sandbox):
    """A customer's id."""
    return (await sandbox.v1.customers.create_async({"email": "ada@example.org"})).id


@pytest.fixture
def save(sandbox, customer):
    """`await save("pm_card_visa")`: the id of a payment method that was set up for payments off session."""

    async def begin(card: str) -> str:
        params = {"customer": customer, "payment_method": card, "confirm": True, "usage": "off_session"}
        made = await sandbox.v1.setup_intents.create_async(params)
        if made.status == "requires_action":
            await sandbox.get(made.next_action.redirect_to_url.url)
            made = await sandbox.v1.setup_intents.retrieve_async(made.id)
        assert made.status == "succeeded"
        return made.payment_method

    return begin


@pytest.fixture
def happens_to(sandbox, client_for):
    """`await happens_to(method_id, exp_year=2041)`: what its bank does."""

    async def post(method, **more):
        body = {"what": "card", "id": method, **more}
        answer = await client_for(sandbox.app).post(HAPPEN, json=body, headers=headers_for(roles=STAFF))
        assert answer.status_code == 200, answer.text

    return post


async def refused(call: Any) -> Any:
    """The error that the call is answered with."""
    with pytest.raises(stripe.StripeError) as caught:
        await call
    return caught.value
