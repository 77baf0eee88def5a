"""Both generated clients book and pay against a running instance."""

import importlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from devtools.clients import typescript
from devtools.clients.write import PACKAGE, TYPESCRIPT
from devtools.tests.test_clients import needs_node
from tests.instance import Instance, standing
from tests.journey.world import eventually

pytestmark = [pytest.mark.slow, pytest.mark.journey]


class DemoInstance(Instance):
    """With the demo's accounts, services and hours."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.env["ESTUARY_DEMO"] = "1"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with standing(DemoInstance) as instance:
        yield instance.url


class Generated:
    """The Python client as somebody imports it who installed it."""

    def __init__(self, token: str | None, url: str) -> None:
        package = importlib.import_module("estuary_client")
        self.client = package.AuthenticatedClient(url, token) if token else package.Client(url)
        self.models = importlib.import_module("estuary_client.models")

    async def call(self, operation: str, **given: Any) -> Any:
        """What the operation (`payments.confirm_payment`) answers."""
        module = importlib.import_module(f"estuary_client.api.{operation}")
        return await module.asyncio(client=self.client, **given)


@pytest.fixture
def importable(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(PACKAGE.parent))
    yield
    for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE.name]:
        del sys.modules[name]


@pytest.fixture
async def client(url: str, importable: None) -> AsyncIterator[Generated]:
    """Signed in as the demo's client."""
    nobody = Generated(None, url)
    async with nobody.client:
        credentials = nobody.models.Credentials(email="client@estuary.example", password="estuary-demo")
        pair = await nobody.call("identity.sign_in", body=credentials)
    signed_in = Generated(pair.access_token, url)
    async with signed_in.client:
        yield signed_in


async def free_start(client: Generated, service: Any) -> datetime:
    today = datetime.now(UTC).date()
    days = {"from_": today + timedelta(days=2), "to": today + timedelta(days=16)}
    slots = await client.call(
        "booking.list_availability", practitioner_id=service.practitioner_id, service_id=service.id, **days
    )
    start: datetime = slots.results[-1].start_time
    return start


async def test_the_python_client_books_and_pays(client: Generated):
    models = client.models
    [service, *_] = (await client.call("catalog.list_services", price_min=1)).results
    seat = models.BookBody(service_id=service.id, start_time=await free_start(client, service))
    booked = await client.call("booking.create_booking", body=seat)
    assert (booked.status, booked.amount_due) == (models.BookingStatus.PENDING_PAYMENT, service.price)

    by_card = models.ConfirmPayment(order_id=booked.payment.order_id, payment_method="pm_card_visa")
    assert (await client.call("payments.confirm_payment", body=by_card)).status == models.Outcome.SUCCEEDED

    async def is_confirmed() -> None:
        now = await client.call("booking.get_booking", booking_id=booked.id)
        assert now.status == models.BookingStatus.CONFIRMED

    await eventually(is_confirmed)


async def test_the_python_client_reads_a_refusal(client: Generated):
    refused = await client.call("booking.get_booking", booking_id=uuid4())
    assert isinstance(refused, client.models.Problem)
    assert refused.code == "not_found"


@needs_node
def test_the_typescript_client_books_and_pays(url: str):
    typescript.compile_(TYPESCRIPT)
    done = subprocess.run(
        ["node", "dist/tests/booking.js", url],
        cwd=TYPESCRIPT, env=os.environ, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("confirmed: ")
