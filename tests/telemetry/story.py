"""The story that is watched: somebody registers, books for nothing, books and pays, pays with a bad card."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2

from tests.instance import Instance
from tests.telemetry.collector import Collector

EMAIL, PASSWORD = "wilhelmina.quixby@telltale.example", "Zanzibar-7-lanterns"
FIRST, LAST, NOTES = "Wilhelmina", "Quixby", "My knee hurts since Ljubljana"
SETTLED_WITHIN = 20.0


@dataclass
class Story:
    """What happened: the trace of each request, and what must not be found in any log."""

    collector: Collector
    traces: dict[str, str] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)
    log: str = ""
    metrics: str = ""


class Client:
    """The person, over HTTP."""

    def __init__(self, http: httpx2.Client, story: Story) -> None:
        self.http, self.story, self.headers = http, story, dict[str, str]()

    def call(self, name: str, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        """One call under /api/v1, remembered under that name."""
        answer = self.http.request(method, f"/api/v1{path}", json=body, headers=self.headers)
        assert answer.status_code == status, f"{name}: {answer.status_code} {answer.text}"
        self.story.traces[name] = answer.headers["x-request-id"]
        return answer.json()

    def register(self) -> None:
        """Signs up, refuses to sign in with a wrong password, and signs in."""
        account = {"email": EMAIL, "password": PASSWORD, "first_name": FIRST, "last_name": LAST}
        self.call("register", "POST", "/auth/register/", account, 201)
        self.call("register again", "POST", "/auth/register/", account, 409)
        self.call("wrong password", "POST", "/auth/login/", {"email": EMAIL, "password": PASSWORD + "!"}, 401)
        tokens = self.call("login", "POST", "/auth/login/", {"email": EMAIL, "password": PASSWORD})
        self.headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        self.story.secrets |= {tokens["access_token"], tokens["refresh_token"]}

    def slots(self, service: Any) -> Iterator[str]:
        """Free starts of that service, a different one each time."""
        first = datetime.now(UTC).date() + timedelta(days=3)
        query = f"service_id={service['id']}&from={first}&to={first + timedelta(days=14)}"
        found = self.call("slots", "GET", f"/practitioners/{service['practitioner_id']}/availability/?{query}")
        return iter([slot["start_time"] for slot in found["results"]])

    def book(self, name: str, service: Any, start: str) -> Any:
        """Books; remembers the client secret as something that nobody may log."""
        body = {"service_id": service["id"], "start_time": start, "notes": NOTES}
        booking = self.call(name, "POST", "/bookings/", body, 201)
        if booking["payment"] and booking["payment"].get("client_secret"):
            self.story.secrets.add(booking["payment"]["client_secret"])
        return booking

    def confirmed(self, booking: Any) -> None:
        """Waits until the client sees it as confirmed."""
        end = time.monotonic() + SETTLED_WITHIN
        while self.call("look", "GET", f"/bookings/{booking['id']}/")["status"] != "confirmed":
            assert time.monotonic() < end
            time.sleep(0.05)


def tell(collector: Collector, folder: Path) -> Story:
    """Runs an instance that reports to the collector, and the story on it; returns what was seen."""
    instance, story = Instance(folder), Story(collector, secrets={EMAIL, PASSWORD, FIRST, LAST, NOTES})
    instance.env |= {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
        "OTEL_BSP_SCHEDULE_DELAY": "200",
        "ESTUARY_LOG_LEVEL": "DEBUG",
        "ESTUARY_DEMO": "1",
        "GATEWAY_ACCESS_LOG": "on",
    }
    instance.start()
    try:
        with httpx2.Client(base_url=instance.url, timeout=30) as http:
            client = Client(http, story)
            client.register()
            _checkouts(client)
            _settle(collector, story)
            story.metrics = http.get("/metrics").text
    finally:
        instance.stop()
        story.log = instance.log.read_text()
    return story


def _checkouts(client: Client) -> None:
    offered = {one["title"]: one for one in client.call("services", "GET", "/services/")["results"]}
    free, paid = offered["First call"], offered["One-to-one yoga"]
    client.confirmed(client.book("free", free, next(client.slots(free))))
    slots = client.slots(paid)
    booking = client.book("paid", paid, next(slots))
    order = {"order_id": booking["payment"]["order_id"], "payment_method": "pm_card_chargeDeclined"}
    client.call("declined", "POST", "/payments/confirm/", order)
    client.call("confirm", "POST", "/payments/confirm/", order | {"payment_method": "pm_card_visa"})
    client.confirmed(booking)


def _settle(collector: Collector, story: Story) -> None:
    """Waits until the mail of the free booking is on its way: its trace has ended then."""
    end = time.monotonic() + SETTLED_WITHIN
    wanted = {"estuary-notifications", "estuary-payments"}
    while not wanted <= {span.service for span in collector.trace(story.traces["free"]) if span.kind == "CONSUMER"}:
        assert time.monotonic() < end, sorted({span.name for span in collector.trace(story.traces["free"])})
        time.sleep(0.1)
    time.sleep(6)  # gauges are measured every five seconds
