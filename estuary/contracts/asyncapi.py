"""The AsyncAPI 3 document: a channel per topic, a message per event, what a record looks like on Kafka."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from estuary.contracts.events import name_of, schema_of
from shared.events.base import Event
from shared.messaging.cloudevents import SPEC_VERSION, source_of

Document = dict[str, Any]
FORMAT = "application/schema+json;version=draft-07"
KAFKA_BINDING = "0.5.0"
EXAMPLE_ID = "01980f3e-7c00-7a4b-9d5e-2f8a3c4b5d6e"
EXAMPLE_TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
ABOUT = """The events of Estuary's services, as CloudEvents 1.0 in Kafka's binary mode: attributes are headers, the
record's value is the data as JSON. Delivery is at least once and in order per key: remember `ce_id` and ignore what
you have seen. Ignore types and fields that you do not know: both are added without a new version."""


def document(kinds: Sequence[type[Event]]) -> Document:
    """The whole document; payloads refer to the schema files beside it."""
    topics = {topic: list(published) for topic, published in groupby(kinds, key=lambda kind: kind.topic)}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Estuary events", "version": "1.0.0", "description": ABOUT.replace("\n", " ")},
        "defaultContentType": "application/json",
        "servers": {"kafka": _server()},
        "channels": {topic: _channel(topic, published) for topic, published in topics.items()},
        "operations": {f"send.{topic}": _operation(topic, published) for topic, published in topics.items()},
        "components": {"messages": {name_of(kind): _message(kind) for kind in kinds}},
    }


def _server() -> Document:
    variable = {"default": "localhost:9092", "description": "KAFKA_BOOTSTRAP_SERVERS of the install"}
    return {
        "host": "{bootstrap}",
        "protocol": "kafka",
        "description": "The install's brokers",
        "variables": {"bootstrap": variable},
    }


def _channel(topic: str, kinds: Sequence[type[Event]]) -> Document:
    return {
        "address": topic,
        "description": f"The events of {topic.rsplit('.', 1)[1]}, in order per key.",
        "messages": {name_of(kind): {"$ref": f"#/components/messages/{name_of(kind)}"} for kind in kinds},
        "bindings": {"kafka": {"topic": topic, "bindingVersion": KAFKA_BINDING}},
    }


def _operation(topic: str, kinds: Sequence[type[Event]]) -> Document:
    channel = f"#/channels/{topic}"
    return {
        "action": "send",
        "summary": f"Estuary sends, partners receive: the events of {topic.rsplit('.', 1)[1]}.",
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{name_of(kind)}"} for kind in kinds],
    }


def _message(kind: type[Event]) -> Document:
    schema, name = schema_of(kind), name_of(kind)
    payload = schema["examples"][0]
    headers = {name: field["examples"][0] for name, field in _headers(kind)["properties"].items()}
    headers["ce_subject"] = _at(payload, schema["x-key"].split(" or ")[0])
    key = {
        "type": "string",
        "description": f"The 16 bytes of the UUID in `{schema['x-key']}`; as text in the header `ce_subject`.",
    }
    return {
        "name": name,
        "title": kind.__name__,
        "summary": schema["description"].split("\n\n")[0].replace("\n", " "),
        "contentType": "application/json",
        "headers": _headers(kind),
        "payload": {"schemaFormat": FORMAT, "schema": {"$ref": f"schemas/{name}.json"}},
        "bindings": {"kafka": {"key": key, "bindingVersion": KAFKA_BINDING}},
        "examples": [{"name": kind.__name__, "headers": headers, "payload": payload}],
    }


def _headers(kind: type[Event]) -> Document:
    required: Document = {
        "ce_specversion": {"const": SPEC_VERSION.decode(), "description": "CloudEvents version"},
        "ce_id": {"format": "uuid", "description": "Of this event: equal on every delivery", "examples": [EXAMPLE_ID]},
        "ce_type": {"const": name_of(kind), "description": "What happened, and the version of its data"},
        "ce_source": {"const": source_of(kind.topic), "description": "The service that published it"},
        "ce_subject": {
            "format": "uuid",
            "description": "The key: the id of what the event is about",
            "examples": [EXAMPLE_ID],
        },
        "ce_time": {"format": "date-time", "description": "When it happened", "examples": ["2026-12-01T08:00:00Z"]},
        "content-type": {"const": "application/json", "description": "Of the record's value"},
    }
    optional: Document = {
        "traceparent": {"description": "W3C trace context of the request that caused it", "examples": [EXAMPLE_TRACE]}
    }
    properties = {name: _text(field) for name, field in {**required, **optional}.items()}
    return {"type": "object", "properties": properties, "required": list(required)}


def _text(field: Document) -> Document:
    return {"type": "string", **field, "examples": field.get("examples") or [field["const"]]}


def _at(value: Any, path: str) -> Any:
    for name in path.split("."):
        value = value[name]
    return value
