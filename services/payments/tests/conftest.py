"""Fixtures of payments: the Stripe sandbox on a real socket, the app on a clean database, and the usual first steps."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from devtools.stripe.watched import Verdict, Watched
from devtools.testing.callers import headers_for, service_headers
from devtools.testing.databases import Databases
from devtools.testing.fixtures import RuntimeFactory, runtime_on
from devtools.testing.servers import served
from estuary.sandbox.app import create_app as create_sandbox
from estuary.settings import free_port
from services.payments.app import create_app
from services.payments.invariants import INVARIANTS
from services.payments.runtime import PaymentsRuntime
from services.payments.stripe.gateway import StripeGateway
from services.payments.tests.disputes import Disputes
from services.payments.tests.faults import Faults, failing_connection
from services.payments.tests.gifts import give_credits
from services.payments.tests.peers import a_catalog
from services.payments.tests.scenes import Market
from services.payments.tests.subscribers import Subscriber
from services.payments.tests.vaults import Wallet
from shared.records.clock import FixedClock, SandboxClock
from shared.records.ids import derived_id, new_id

SECRET_KEY = "sk_test_estuary"
Json = dict[str, Any]


@pytest.fixture(scope="session")
async def stripe_base(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory, stripe_verdict: Verdict
) -> AsyncIterator[str]:
    """Where the sandbox's API answers. It sends no webhooks: tests that want one sign it themselves."""
    url, port = await databases.clone("sandbox"), free_port()
    runtime = runtime_on(url, "sandbox", SandboxClock(), {}, _sandbox_env(port, tmp_path_factory.mktemp("home")))
    sandbox = Watched(create_sandbox(runtime), stripe_verdict, ours=True)
    async with served(sandbox, port=port, ws="none") as address:
        yield f"http://{address}/sandbox/stripe"
    await stripe_verdict.read_events(runtime.db)
    await runtime.db.close()
    await runtime.peers.close()
    stripe_verdict.demand_none()


@pytest.fixture(autouse=True)
def judged(as_stripe_publishes: None) -> None:
    """Stripe would understand each call, and answer as the sandbox does."""


def _sandbox_env(port: int, home: Path) -> dict[str, str]:
    return {
        "ESTUARY_PORT": str(port),
        "ESTUARY_HOME": str(home),
        "SANDBOX_SMTP_PORT": "0",
        "SANDBOX_WEBHOOK_EVENTS": "none",
        "SANDBOX_PAYOUT_SECONDS": "0.1",
    }


@pytest.fixture
def currency() -> str:
    """The install's currency."""
    return "USD"


@pytest.fixture
async def app(runtime_for: RuntimeFactory, stripe_base: str, currency: str) -> AsyncIterator[FastAPI]:
    """The payments service on a clean database, with the sandbox as its Stripe, and that catalog."""
    env = {"STRIPE_API_BASE": stripe_base, "ESTUARY_CURRENCY": currency}
    made = create_app(await runtime_for("payments", peers={"catalog": a_catalog()}, env=env))
    own = made.state.runtime  # a test may put another in its place
    yield made
    await own.stripe.close()


@pytest.fixture
def runtime(app: FastAPI) -> PaymentsRuntime:
    """The app's Runtime."""
    found: PaymentsRuntime = app.state.runtime
    return found


@pytest.fixture
def api(app: FastAPI, client_for: Callable[[Any], httpx2.AsyncClient]) -> httpx2.AsyncClient:
    """An HTTP client on the app."""
    return client_for(app)


@pytest.fixture
async def stripe_api(stripe_base: str) -> AsyncIterator[httpx2.AsyncClient]:
    """Stripe's own side of things: the sandbox's REST API with the secret key."""
    headers = {"Authorization": f"Bearer {SECRET_KEY}"}
    async with httpx2.AsyncClient(base_url=f"{stripe_base}/v1", headers=headers) as client:
        yield client


@pytest.fixture
def client_id() -> UUID:
    """A client."""
    return new_id()


@pytest.fixture
def practitioner_id() -> UUID:
    """A practitioner."""
    return new_id()


OpenOrder = Callable[..., Awaitable[Json]]
Pay = Callable[..., Awaitable[Json]]


@pytest.fixture
def open_order(
    api: httpx2.AsyncClient, clock: FixedClock, client_id: UUID, practitioner_id: UUID, currency: str
) -> OpenOrder:
    """`await open_order(total=10_000, credits="max")`: what booking does at checkout; answers the order."""

    async def put(total: int = 10_000, credits: Any = None, order_id: UUID | None = None, **more: Any) -> Json:
        order_id = order_id or new_id()
        body = {
            "booking_id": str(derived_id(UUID(str(order_id)), "booking")),
            "client_id": str(client_id),
            "practitioner_id": str(practitioner_id),
            "service_id": str(new_id()),
            "title": "Morning yoga",
            "total": {"amount": total, "currency": currency},
            "credits": {"amount": credits, "currency": currency} if isinstance(credits, int) else credits,
            "expires_at": (clock.now() + timedelta(minutes=15)).isoformat(),
        } | more
        answer = await api.put(f"/internal/orders/{order_id}/", json=body, headers=service_headers())
        assert answer.status_code == 200, answer.text
        opened: Json = answer.json()
        return opened

    return put


@pytest.fixture
def pay(api: httpx2.AsyncClient, client_id: UUID) -> Pay:
    """`await pay(order_id, "pm_card_visa")`: what the client does; answers the confirmation."""

    async def confirm(order_id: str, payment_method: str = "pm_card_visa") -> Json:
        body = {"order_id": order_id, "payment_method": payment_method}
        answer = await api.post("/api/v1/payments/confirm/", json=body, headers=headers_for(client_id))
        assert answer.status_code == 200, answer.text
        confirmed: Json = answer.json()
        return confirmed

    return confirm


@pytest.fixture
def buy_credits(
    api: httpx2.AsyncClient, clock: FixedClock, client_id: UUID, pay: Pay, currency: str
) -> Callable[[int], Awaitable[str]]:
    """`await buy_credits(5_000)`: a purchase, paid by card, later than any other one; answers the order's id."""

    async def buy(amount: int) -> str:
        clock.advance(timedelta(milliseconds=1))
        body = {"amount": {"amount": amount, "currency": currency}}
        answer = await api.post("/api/v1/credits/purchase/", json=body, headers=headers_for(client_id))
        assert answer.status_code == 201, answer.text
        order_id: str = answer.json()["order_id"]
        assert (await pay(order_id))["status"] == "succeeded"
        return order_id

    return buy


@pytest.fixture
def balance(api: httpx2.AsyncClient, client_id: UUID) -> Callable[..., Awaitable[tuple[int, int]]]:
    """`await balance()`: what the client can spend, and what is held; of another one by their id."""

    async def of(user_id: UUID | None = None) -> tuple[int, int]:
        answer = await api.get("/api/v1/credits/balance/", headers=headers_for(user_id or client_id))
        body = answer.json()
        return body["balance"]["amount"], body["held"]["amount"]

    return of


@pytest.fixture
def give(runtime: PaymentsRuntime, client_id: UUID) -> Callable[..., Awaitable[UUID]]:
    """`await give(500, expires_at=...)`: a promotion, with its ledger entry."""

    async def promotion(amount: int, expires_at: datetime | None = None) -> UUID:
        return await give_credits(runtime, client_id, amount, expires_at)

    return promotion


@pytest.fixture
def market(
    app: FastAPI,
    api: httpx2.AsyncClient,
    stripe_api: httpx2.AsyncClient,
    clock: FixedClock,
    client_id: UUID,
    practitioner_id: UUID,
    open_order: OpenOrder,
    pay: Pay,
) -> Market:
    """One practitioner, clients and staff: see `scenes`."""
    return Market(app, api, stripe_api, clock, client_id, practitioner_id, open_order, pay)


@pytest.fixture
def wallet(market: Market) -> Wallet:
    """The client's cards."""
    return Wallet(market.app, market.api, market.stripe_api, market.clock, market.client_id)


@pytest.fixture
async def subscriber(wallet: Wallet, practitioner_id: UUID) -> AsyncIterator[Subscriber]:
    """The client as a practitioner who subscribes to plans of the platform; afterwards every invariant holds."""
    yield Subscriber(wallet, practitioner_id)
    broken = {name: rows for name, query in INVARIANTS.items() if (rows := await wallet.sql(query))}
    assert broken == {}


@pytest.fixture
def disputes(market: Market) -> Disputes:
    """Clients' banks."""
    return Disputes(market)


@pytest.fixture
async def connection(runtime: PaymentsRuntime, stripe_base: str) -> AsyncIterator[tuple[Faults, PaymentsRuntime]]:
    """Faults, and a runtime whose Stripe is behind them."""
    async with failing_connection(stripe_base) as (faults, url):
        gateway = StripeGateway("sk_test_estuary", api_base=url, return_url="http://localhost:8000/")
        yield faults, PaymentsRuntime.of(runtime, stripe=gateway, settings=runtime.settings)
        await gateway.close()


@pytest.fixture
def close_order(api: httpx2.AsyncClient) -> Callable[[Any], Awaitable[Json]]:
    """`await close_order(order_id)`: what booking does at expiry; answers the order's outcome."""

    async def close(order_id: Any) -> Json:
        path = f"/internal/orders/{order_id}/close/"
        answer = await api.post(path, json={"reason": "expired"}, headers=service_headers())
        assert answer.status_code == 200, answer.text
        outcome: Json = answer.json()
        return outcome

    return close


@pytest.fixture
def intent_of(runtime: PaymentsRuntime) -> Callable[[str], Awaitable[str]]:
    """`await intent_of(order_id)`: Stripe's id of the order's intent."""

    async def find(order_id: str) -> str:
        async with runtime.db.read() as session:
            found = await session.scalar(text("select intent_id from orders where id = :id"), {"id": order_id})
        return str(found)

    return find


@pytest.fixture
def ledger_lines(runtime: PaymentsRuntime) -> Callable[[], Awaitable[list[tuple[str, str, int]]]]:
    """`await ledger_lines()`: (debit, credit, amount) of every transfer so far, in order."""
    query = text(
        "select d.kind, c.kind, t.amount from ledger_transfers t join ledger_accounts d on d.id = t.debit_id"
        " join ledger_accounts c on c.id = t.credit_id order by t.seq"
    )

    async def lines() -> list[tuple[str, str, int]]:
        async with runtime.db.read() as session:
            return [(row[0], row[1], row[2]) for row in await session.execute(query)]

    return lines


@pytest.fixture
def say(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """`say("8 walks")`: a line for who runs the long tests by hand."""
    plugins = pytestconfig.pluginmanager
    reporter, capture = plugins.getplugin("terminalreporter"), plugins.getplugin("capturemanager")

    def line(text: str) -> None:
        if reporter is not None and capture is not None:
            with capture.global_and_fixture_disabled():
                reporter.write_line(f"\n{text}")

    return line
