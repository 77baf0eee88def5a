"""An envelope as a Kafka record and back: CloudEvents 1.0, binary mode."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from shared.events.base import Envelope
from shared.times import render_utc

SPEC_VERSION = b"1.0"


class MalformedRecord(Exception):
    """A record that is not an event of ours: an attribute is missing or cannot be read."""


def record_of(envelope: Envelope) -> dict[str, Any]:
    """What the producer sends: the key is the aggregate's id, the attributes are headers."""
    headers = [
        ("ce_specversion", SPEC_VERSION),
        ("ce_id", str(envelope.id).encode()),
        ("ce_type", type_of(envelope.topic, envelope.type, envelope.version).encode()),
        ("ce_source", source_of(envelope.topic).encode()),
        ("ce_subject", str(envelope.key).encode()),
        ("ce_time", render_utc(envelope.time).encode()),
        ("content-type", b"application/json"),
    ]
    if envelope.traceparent:
        headers.append(("traceparent", envelope.traceparent.encode()))
    return {
        "topic": envelope.topic,
        "key": envelope.key.bytes,
        "value": orjson.dumps(envelope.data),
        "headers": headers,
    }


def envelope_of(record: Any) -> Envelope:
    """The envelope in a consumed record; raises MalformedRecord."""
    headers = {name: bytes(value).decode() for name, value in record.headers}
    try:
        name, version = headers["ce_type"].rsplit(".v", 1)
        return Envelope(
            id=UUID(headers["ce_id"]),
            type=name.rsplit(".", 1)[1],
            version=int(version),
            topic=record.topic,
            key=UUID(headers["ce_subject"]),
            time=datetime.fromisoformat(headers["ce_time"]),
            data=orjson.loads(record.value),
            traceparent=headers.get("traceparent"),
        )
    except (KeyError, ValueError, IndexError, TypeError) as error:
        raise MalformedRecord(f"{type(error).__name__}: {error}") from error


def type_of(topic: str, name: str, version: int) -> str:
    """`estuary.booking.BookingConfirmed.v1`: what a partner filters by."""
    return f"{topic}.{name}.v{version}"


def source_of(topic: str) -> str:
    """`/estuary/booking`: who tells it."""
    return "/" + topic.replace(".", "/")
