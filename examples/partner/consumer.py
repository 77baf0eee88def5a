"""A partner's consumer: it reads Estuary's events with `docs/events` and nothing else of Estuary.

    pip install aiokafka jsonschema
    python consumer.py localhost:9092 ../../docs/events

It subscribes to every channel of the AsyncAPI document, checks each event against its JSON Schema, handles it once
and then commits. Replace `Ledger` by your own database: keep the ids of handled events beside their effects.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer
from jsonschema import Draft7Validator, FormatChecker, ValidationError


@dataclass(frozen=True)
class Event:
    """A CloudEvent in binary mode: the attributes came as headers, the data as the record's value."""

    id: str
    type: str
    subject: str
    time: str
    data: dict[str, Any]

    @classmethod
    def of(cls, record: Any) -> "Event":
        """Reads a Kafka record."""
        headers = {name: value.decode() for name, value in record.headers}
        id_, kind, subject, time = (headers[f"ce_{name}"] for name in ("id", "type", "subject", "time"))
        return cls(id_, kind, subject, time, json.loads(record.value))


class Contracts:
    """The folder `docs/events`: which channels there are, and what each event looks like."""

    def __init__(self, folder: Path) -> None:
        """Reads the documents once."""
        document = json.loads((folder / "asyncapi.json").read_text(encoding="utf-8"))
        self.channels = [channel["address"] for channel in document["channels"].values()]
        self._validators = {
            name: Draft7Validator(self._payload(folder, message), format_checker=FormatChecker())
            for name, message in document["components"]["messages"].items()
        }

    def knows(self, event: Event) -> bool:
        """False for a type that was added after these documents were fetched: then it is to be ignored."""
        return event.type in self._validators

    def check(self, event: Event) -> None:
        """Raises jsonschema.ValidationError where the data are not what was promised."""
        self._validators[event.type].validate(event.data)

    @staticmethod
    def _payload(folder: Path, message: Mapping[str, Any]) -> Any:
        return json.loads((folder / message["payload"]["schema"]["$ref"]).read_text(encoding="utf-8"))


@dataclass
class Ledger:
    """What this partner remembers. In real life: one database transaction for the id and its effect."""

    seen: set[str] = field(default_factory=set)
    confirmed: dict[str, str] = field(default_factory=dict)
    set_aside: list[str] = field(default_factory=list)

    def handle(self, event: Event) -> bool:
        """Takes an event's effect; False if it was delivered before."""
        if event.id in self.seen:
            return False
        self.seen.add(event.id)
        if event.type == "estuary.booking.BookingConfirmed.v1":
            self.confirmed[event.subject] = event.data["booking"]["service_id"]
        if event.type.startswith("estuary.booking.BookingCancelled."):
            self.confirmed.pop(event.subject, None)
        return True


async def consume(
    servers: str,
    contracts: Contracts,
    ledger: Ledger,
    handle: Callable[[Event], Awaitable[None]],
    group: str = "partner",
) -> None:
    """Handles events until cancelled. Offsets are committed after the effect, so nothing is lost by a crash."""
    consumer = AIOKafkaConsumer(
        *contracts.channels,
        bootstrap_servers=servers,
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    try:
        async for record in consumer:
            event = read(record, contracts, ledger)
            if event is not None and ledger.handle(event):
                await handle(event)
            await consumer.commit()
    finally:
        await consumer.stop()


def read(record: Any, contracts: Contracts, ledger: Ledger) -> Event | None:
    """The event in the record; None if its type is unknown, or if it breaks its contract: then it is set aside."""
    try:
        event = Event.of(record)
        if not contracts.knows(event):
            return None
        contracts.check(event)
        return event
    except (KeyError, ValueError, ValidationError) as error:
        ledger.set_aside.append(f"{record.topic}/{record.partition}/{record.offset}: {error}")
        return None


async def main(servers: str, folder: str) -> None:
    """Prints each event as it comes."""

    async def received(event: Event) -> None:
        print(f"{event.time}  {event.type}  {event.subject}")

    await consume(servers, Contracts(Path(folder)), Ledger(), received)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3]))
