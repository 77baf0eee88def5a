"""What the tests of notifications share: the app with a real SMTP server to send to, people, bookings."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from fastapi import FastAPI

from devtools.testing.delivery import deliver
from devtools.testing.servers import served
from services.notifications.app import create_app
from shared.events.booking import BookingSnapshot
from shared.events.identity import UserRegistered
from shared.records.ids import new_id
from shared.records.money import Money

CLIENT, SELLER = new_id(), new_id()


@dataclass
class Mailbox:
    """An SMTP server that keeps what it gets, and answers as it is notified."""

    received: list[EmailMessage] = field(default_factory=list)
    answer: str = "250 OK"
    port: int = 0
    controller: Controller | None = None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answer.startswith("250"):
            message = BytesParser(policy=default).parsebytes(envelope.content)
            assert isinstance(message, EmailMessage)
            self.received.append(message)
        return self.answer

    def start(self) -> None:
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self) -> None:
        if self.controller is not None:
            self.controller.stop()
            self.controller = None

    def to(self, address: str) -> list[EmailMessage]:
        return [message for message in self.received if message["To"] == address]


def text_of(message: EmailMessage) -> str:
    """What people read of it."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


@pytest.fixture
def mailbox(free_port: int) -> Iterator[Mailbox]:
    box = Mailbox(port=free_port)
    box.start()
    yield box
    box.stop()


@pytest.fixture
def settings_env() -> Mapping[str, str]:
    """Further variables of the app; a test that needs some is parametrized with them."""
    return {}


@pytest.fixture
async def app(runtime_for: Any, mailbox: Mailbox, settings_env: Mapping[str, str]) -> AsyncIterator[FastAPI]:
    """The service, where both people of the bookings are known."""
    env = {"SMTP_URL": f"smtp://127.0.0.1:{mailbox.port}", **settings_env}
    runtime = await runtime_for("notifications", env=env)
    app = create_app(runtime)
    await deliver(app, person(CLIENT, "client@example.org", "Cleo", "America/New_York"))
    await deliver(app, person(SELLER, "seller@example.org", "Sal", "Europe/Berlin"))
    yield app
    await app.state.runtime.mailer.stop()


def person(user_id: UUID, email: str, first_name: str, timezone: str | None) -> UserRegistered:
    return UserRegistered(user_id=user_id, email=email, first_name=first_name, last_name="Doe", timezone=timezone)


@pytest.fixture
def client_id() -> UUID:
    return CLIENT


@pytest.fixture
def seller_id() -> UUID:
    return SELLER


BookingFactory = Callable[..., BookingSnapshot]


@pytest.fixture
def booking() -> BookingFactory:
    """`booking(start_time=..., ...)`: a confirmed booking of "Quiet yoga", made on 1 December at 08:00."""
    booking_id = new_id()

    def make(**changes: Any) -> BookingSnapshot:
        start = changes.pop("start_time", datetime(2026, 12, 7, 14, 0, tzinfo=UTC))
        usd = Money(5000, "USD")
        given = {
            "id": booking_id,
            "status": "confirmed",
            "service_id": new_id(),
            "service_title": "Quiet yoga",
            "practitioner_id": new_id(),
            "practitioner_user_id": SELLER,
            "client_id": CLIENT,
            "order_id": new_id(),
            "start_time": start,
            "end_time": start + timedelta(hours=1),
            "timezone": "Europe/Berlin",
            "delivery": "online",
            "total": usd,
            "credits_applied": Money.zero("USD"),
            "amount_due": usd,
            "start_version": 1,
            "created_at": datetime(2026, 12, 1, 8, 0, tzinfo=UTC),
            "notes": None,
        }
        return BookingSnapshot.model_validate(given | changes)

    return make


@pytest.fixture
async def address(app: FastAPI) -> AsyncIterator[str]:
    """`ws://127.0.0.1:port` of the app behind a real uvicorn, its lifespan entered."""
    async with served(app, timeout_graceful_shutdown=2) as listening:
        yield f"ws://{listening}"
