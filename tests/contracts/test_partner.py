"""The partner's consumer: it knows nothing but docs/events, and that is enough."""

import ast
import asyncio
import importlib.util
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from types import ModuleType, SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from devtools.testing.delivery import envelope_of
from estuary.contracts.events import events, whole_schema_of
from estuary.contracts.files import FOLDER
from shared.events.base import Envelope, Event
from shared.events.booking import BookingCancelled, BookingConfirmed
from shared.messaging.cloudevents import records_of
from shared.messaging.kafka.bus import KafkaBus
from shared.messaging.kafka.topics import TopicSettings, create
from shared.records.clock import machine_now
from shared.records.ids import new_id

PATH = FOLDER.parents[1] / "examples" / "partner" / "consumer.py"
SERVICE_ID = whole_schema_of(BookingConfirmed)["examples"][0]["booking"]["service_id"]


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("partner_consumer", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


partner = load()


def booked(kind: type[Event], booking_id: UUID) -> Envelope:
    example = whole_schema_of(kind)["examples"][0]
    example = {**example, "booking": {**example["booking"], "id": str(booking_id)}}
    return envelope_of(kind.model_validate(example), machine_now())


def consumed(envelope: Envelope) -> Any:
    """The record as a partner gets it."""
    sent = list(records_of(envelope))[-1]
    return SimpleNamespace(topic=sent["topic"], partition=0, offset=0, value=sent["value"], headers=sent["headers"])


def test_imports_nothing_of_ours():
    tree = ast.parse(PATH.read_text())
    found = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    found |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    roots = {name.split(".")[0] for name in found}
    assert roots - set(sys.stdlib_module_names) == {"aiokafka", "jsonschema"}


class TestReading:
    contracts = partner.Contracts(FOLDER)

    @pytest.mark.parametrize("kind", events(), ids=lambda kind: kind.__name__)
    def test_every_event_is_known_and_fits(self, kind: type[Event]):
        ledger = partner.Ledger()
        event = kind.model_validate(whole_schema_of(kind)["examples"][0])
        found = partner.read(consumed(envelope_of(event, machine_now())), self.contracts, ledger)
        assert ledger.set_aside == []
        assert found.subject == str(event.key)

    def test_an_unknown_type_is_skipped(self):
        ledger, later = partner.Ledger(), consumed(booked(BookingConfirmed, new_id()))
        later.headers = [(name, value.replace(b".v1", b".v2")) for name, value in later.headers]
        assert partner.read(later, self.contracts, ledger) is None
        assert ledger.set_aside == []

    def test_an_unknown_field_is_ignored(self):
        more = consumed(booked(BookingConfirmed, new_id()))
        more.value = json.dumps({**json.loads(more.value), "mood": "cheerful"}).encode()
        assert partner.read(more, self.contracts, partner.Ledger()) is not None

    def test_what_breaks_its_contract_is_set_aside(self):
        ledger = partner.Ledger()
        assert (
            partner.read(consumed(replace(booked(BookingConfirmed, new_id()), data={})), self.contracts, ledger) is None
        )
        assert "'booking' is a required property" in ledger.set_aside[0]

    def test_takes_effect_once(self):
        ledger, booking_id = partner.Ledger(), new_id()
        event = partner.Event.of(consumed(booked(BookingConfirmed, booking_id)))
        assert ledger.handle(event)
        assert not ledger.handle(event)
        assert ledger.confirmed == {str(booking_id): SERVICE_ID}


@asynccontextmanager
async def publisher(servers: str) -> AsyncIterator[KafkaBus]:
    bus = KafkaBus(servers, client="contracts")
    await bus.start()
    try:
        yield bus
    finally:
        await bus.stop()


@pytest.mark.kafka
async def test_consumes_from_a_real_broker(kafka: str):
    kept, gone, ledger = new_id(), new_id(), partner.Ledger()
    first = booked(BookingConfirmed, kept)
    published = [first, booked(BookingConfirmed, gone), first, booked(BookingCancelled, gone)]
    heard: list[str] = []

    async def hear(event: Any) -> None:
        heard.append(event.id)

    contracts = partner.Contracts(FOLDER)
    await create(TopicSettings.of({"KAFKA_BOOTSTRAP_SERVERS": kafka}), contracts.channels, lambda _: None)
    async with publisher(kafka) as bus, asyncio.timeout(60):
        await bus.publish(published)
        consuming = asyncio.create_task(partner.consume(kafka, contracts, ledger, hear, f"partner-{new_id()}"))
        while str(published[-1].id) not in heard or str(published[0].id) not in heard:
            await asyncio.sleep(0.05)
            if consuming.done():
                consuming.result()
        consuming.cancel()
        await asyncio.gather(consuming, return_exceptions=True)
    assert ledger.confirmed[str(kept)] == SERVICE_ID
    assert str(gone) not in ledger.confirmed
    assert heard.count(str(first.id)) == 1
