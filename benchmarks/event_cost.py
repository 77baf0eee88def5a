"""What the benchmarks of events share: an event, the databases of two services, and what a batch of events cost."""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from benchmarks.ground import Ground
from estuary.contracts.events import schema_of
from shared.database.migrate import role_of
from shared.database.session import Database
from shared.events.booking import BookingConfirmed
from shared.records.clock import SystemClock
from shared.records.ids import new_id

TOPIC = BookingConfirmed.topic
PRODUCER, CONSUMER = "booking", "notifications"


@dataclass(frozen=True, slots=True)
class Cost:
    """So many events in so many seconds, and the CPU seconds of this process, of Postgres and of Kafka."""

    events: int
    seconds: float
    python: float
    postgres: float
    kafka: float

    @property
    def rate(self) -> float:
        """Events per second."""
        return self.events / self.seconds

    def each(self) -> str:
        """CPU per event, as a person reads it."""
        parts = {"Python": self.python, "Postgres": self.postgres, "Kafka": self.kafka}
        return ", ".join(f"{name} {cpu / self.events * 1e6:.0f}" for name, cpu in parts.items() if cpu) + " us"


@asynccontextmanager
async def costing(on: Ground, into: list[Cost], events: Callable[[], int]) -> AsyncIterator[None]:
    """Adds what happened within, when it ends."""
    began, own, postgres, kafka = time.perf_counter(), time.process_time(), on.postgres_cpu(), on.kafka_cpu()
    yield
    seconds, own = time.perf_counter() - began, time.process_time() - own
    into.append(Cost(events(), seconds, own, on.postgres_cpu() - postgres, on.kafka_cpu() - kafka))


def total(costs: Sequence[Cost]) -> Cost:
    """All rounds as one."""
    columns = zip(*[(c.events, c.seconds, c.python, c.postgres, c.kafka) for c in costs], strict=True)
    return Cost(*[sum(column) for column in columns])


@cache
def sample() -> BookingConfirmed:
    """The event that the contracts show as an example."""
    example: dict[str, Any] = schema_of(BookingConfirmed)["examples"][0]
    return BookingConfirmed.model_validate(example)


def booked() -> BookingConfirmed:
    """That event, of another booking each time."""
    return sample().model_copy(update={"booking": sample().booking.model_copy(update={"id": new_id()})})


def database(url: str, schema: str) -> Database:
    """The service's database as its processes open it."""
    return Database(url, schema=schema, clock=SystemClock(), role=role_of(schema))
