"""An envelope as a Kafka record and back: CloudEvents 1.0, binary mode."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import orjson

from shared.events.base import Envelope
from shared.messaging.partners import public_data
from shared.records.times import render_utc

SPEC_VERSION = b"1.0"
MALFORMED = "Malformed"
NUL = rb"\u0000"
INTERNAL = ".internal"
"""Ends the name of the topic that carries a producer's events whole; without it, the topic is the partners'."""


class MalformedRecord(Exception):
    """A record that is not an event of ours: an attribute is missing or cannot be read."""


def records_of(envelope: Envelope) -> Iterator[dict[str, Any]]:
    """What the producer sends: the event whole to the services, and without what is personal to partners."""
    public = public_data(envelope)
    yield record_of(envelope, internal(envelope.topic), envelope.data)
    if public is not None:
        yield record_of(envelope, envelope.topic, public)


def internal(topic: str) -> str:
    """The topic of the same producer that services read."""
    return topic + INTERNAL


def record_of(envelope: Envelope, topic: str, data: Any) -> dict[str, Any]:
    """One record: the key is the aggregate's id, the attributes are headers, equal on every topic."""
    headers = [
        *_headers(envelope.topic, envelope.type, envelope.version),
        ("ce_id", str(envelope.id).encode()),
        ("ce_subject", str(envelope.key).encode()),
        ("ce_time", render_utc(envelope.time).encode()),
    ]
    if envelope.traceparent:
        headers.append(("traceparent", envelope.traceparent.encode()))
    return {
        "topic": topic,
        "key": envelope.key.bytes,
        "value": orjson.dumps(data),
        "headers": headers,
    }


@cache
def _headers(topic: str, name: str, version: int) -> tuple[tuple[str, bytes], ...]:
    """What all events of that type say."""
    return (
        ("ce_specversion", SPEC_VERSION),
        ("ce_type", type_of(topic, name, version).encode()),
        ("ce_source", source_of(topic).encode()),
        ("content-type", b"application/json"),
    )


def envelope_of(record: Any) -> Envelope:
    """The envelope in a consumed record; raises MalformedRecord."""
    try:
        headers = {name: bytes(value).decode() for name, value in record.headers}
        if NUL in record.value or any("\0" in value for value in headers.values()):
            raise MalformedRecord("holds a NUL character, which Postgres cannot store")
        name, version = headers["ce_type"].rsplit(".v", 1)
        return Envelope(
            id=UUID(headers["ce_id"]),
            type=name.rsplit(".", 1)[1],
            version=int(version),
            topic=record.topic.removesuffix(INTERNAL),
            key=UUID(headers["ce_subject"]),
            time=datetime.fromisoformat(headers["ce_time"]),
            data=orjson.loads(record.value),
            traceparent=headers.get("traceparent"),
        )
    except (KeyError, ValueError, IndexError, TypeError) as error:
        raise MalformedRecord(f"{type(error).__name__}: {error}") from error


def refused(record: Any) -> Envelope:
    """An envelope that keeps a malformed record: the same one each time, under the record's key where it has one."""
    place = f"{record.topic}/{record.partition}/{record.offset}/{record.timestamp}"
    identity = uuid5(NAMESPACE_URL, f"kafka:{place}")
    kept = {
        "value": base64.b64encode(record.value or b"").decode(),
        "headers": {name: base64.b64encode(value or b"").decode() for name, value in record.headers},
        "place": place,
    }
    time = datetime.fromtimestamp(max(record.timestamp, 0) / 1000, UTC)
    return Envelope(identity, MALFORMED, 0, record.topic, _key_of(record) or identity, time, kept)


def _key_of(record: Any) -> UUID | None:
    return UUID(bytes=record.key) if record.key is not None and len(record.key) == 16 else None


def type_of(topic: str, name: str, version: int) -> str:
    """`estuary.booking.BookingConfirmed.v1`: what a partner filters by."""
    return f"{topic}.{name}.v{version}"


def source_of(topic: str) -> str:
    """`/estuary/booking`: who tells it."""
    return "/" + topic.replace(".", "/")
