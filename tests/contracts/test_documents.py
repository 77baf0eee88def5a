"""The committed files are what the events say today, valid by their own standards, and discreet."""

import inspect
import json
import re
from typing import Any

import pytest
from jsonschema import Draft7Validator, FormatChecker

from devtools.testing.delivery import envelope_of
from estuary.contracts.events import events, fields_of, name_of, personal_of, schema_of, whole_schema_of
from estuary.contracts.files import FOLDER, generated, promised, written
from estuary.contracts.readers import readers
from shared.events.base import Event
from shared.messaging.cloudevents import records_of
from shared.records.clock import machine_now

SECRETS = re.compile(r"secret|password|token|iban|card_number|cvc|account_number|authorization")
SENSITIVE = re.compile(
    r"email|first_name|last_name|display_name|phone|address|birth|^notes?$|^body$|^text$|^bio$|^reason$|^message$|^subject|avatar|ip$"
    r"|title$|timezone$"
)
HARMLESS = {
    "estuary.payments.OrderRefunded.v1": {"subject_id"},  # the id of what was bought: a subscription, a post, an event
    "estuary.payments.PaymentSucceeded.v1": {"subject_id"},
    "estuary.payments.PaymentAuthorized.v1": {"subject_id"},
    "estuary.payments.ChargebackOpened.v1": {"subject_id"},
    "estuary.payments.ChargebackEnded.v1": {"subject_id"},
    "estuary.identity.SessionRevoked.v1": {"reason"},  # `logout` or `refresh_reused`
    "estuary.identity.MailTokenIssued.v1": {"mail_token_id"},  # an id, from which no token follows without a key
}
KEY = re.compile(r"^[\w.\-]+$")
every_event = pytest.mark.parametrize("kind", events(), ids=name_of)


def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / "asyncapi.json").read_text())
    return found


def at(pointer: str) -> Any:
    """What a reference within the document points to."""
    found = document()
    for name in pointer.removeprefix("#/").split("/"):
        found = found[name]
    return found


def test_committed_files_are_what_is_generated():
    assert written() == generated(), "run `estuary contracts` and commit docs/events"


@every_event
class TestEachEvent:
    def test_says_in_its_docstring_when_it_is_published(self, kind: type[Event]):
        own = inspect.cleandoc(kind.__dict__.get("__doc__") or "")
        assert len(own.split()) >= 3, f"{kind.__name__} has no docstring that says when it is emitted"

    def test_has_a_valid_schema_and_an_example_that_its_class_reads(self, kind: type[Event]):
        for schema in (schema_of(kind), whole_schema_of(kind)):
            Draft7Validator.check_schema(schema)
            (example,) = schema["examples"]
            Draft7Validator(schema, format_checker=FormatChecker()).validate(example)
        assert kind.model_validate(example).model_dump(mode="json") == example

    def test_is_keyed_by_one_of_its_fields(self, kind: type[Event]):
        assert schema_of(kind)["x-key"]

    def test_carries_no_secret_and_marks_personal_data(self, kind: type[Event]):
        schema = whole_schema_of(kind)
        paths = {path for path, _ in fields_of(schema, schema)}
        secrets = [path for path in paths - HARMLESS.get(name_of(kind), set()) if SECRETS.search(path)]
        assert not secrets, f"an event is read by many: {secrets}"
        telling = {path for path in paths if SENSITIVE.search(path.rsplit(".", 1)[-1])}
        unmarked = telling - set(personal_of(schema)) - HARMLESS.get(name_of(kind), set())
        assert not unmarked, f"mark as Annotated[..., Personal]: {sorted(unmarked)}"

    def test_tells_partners_nothing_that_is_personal(self, kind: type[Event]):
        whole, public = whole_schema_of(kind), schema_of(kind)
        assert personal_of(public) == []
        known = {path for path, _ in fields_of(whole, whole)}
        assert {path for path, _ in fields_of(public, public)} == known - set(personal_of(whole))
        internal, partners = records_of(envelope_of(kind.model_validate(whole["examples"][0]), machine_now()))
        assert (internal["topic"], partners["topic"]) == (f"{kind.topic}.internal", kind.topic)
        assert json.loads(internal["value"]) == whole["examples"][0]
        assert json.loads(partners["value"]) == public["examples"][0]
        assert internal["headers"] == partners["headers"]
        assert internal["key"] == partners["key"]

    def test_is_sent_with_the_headers_that_are_promised(self, kind: type[Event]):
        event = kind.model_validate(whole_schema_of(kind)["examples"][0])
        record = list(records_of(envelope_of(event, machine_now())))[-1]
        message = at(f"#/components/messages/{name_of(kind)}")
        headers = {name: value.decode() for name, value in record["headers"]}
        Draft7Validator(message["headers"], format_checker=FormatChecker()).validate(headers)
        assert headers.keys() <= message["headers"]["properties"].keys()


class TestDocument:
    def test_has_the_parts_of_asyncapi_3(self):
        found = document()
        assert found["asyncapi"] == "3.0.0"
        assert found["info"].keys() >= {"title", "version"}
        assert set(found) <= {
            "asyncapi", "info", "servers", "defaultContentType", "channels", "operations", "components"
        }  # fmt: skip
        for part in ("servers", "channels", "operations"):
            assert all(KEY.match(name) for name in found[part])

    def test_channels_are_topics_and_list_every_event(self):
        listed: set[str] = set()
        for name, channel in document()["channels"].items():
            assert channel["address"] == name == channel["bindings"]["kafka"]["topic"]
            assert all(message.startswith(f"{name}.") for message in channel["messages"])
            assert all(at(reference["$ref"])["name"] == key for key, reference in channel["messages"].items())
            listed |= channel["messages"].keys()
        assert listed == {name_of(kind) for kind in events()} == document()["components"]["messages"].keys()

    def test_operations_send_the_messages_of_their_channel(self):
        for operation in document()["operations"].values():
            assert operation["action"] == "send"
            channel = at(operation["channel"]["$ref"])
            prefix = operation["channel"]["$ref"] + "/messages/"
            assert {reference["$ref"].removeprefix(prefix) for reference in operation["messages"]} == set(
                channel["messages"]
            )

    def test_payloads_are_the_schema_files_and_examples_fit(self):
        for name, message in document()["components"]["messages"].items():
            schema = json.loads((FOLDER / message["payload"]["schema"]["$ref"]).read_text())
            assert message["payload"]["schema"]["$ref"] == f"schemas/{name}.json"
            for example in message["examples"]:
                Draft7Validator(schema, format_checker=FormatChecker()).validate(example["payload"])
                Draft7Validator(message["headers"], format_checker=FormatChecker()).validate(example["headers"])

    def test_the_page_names_every_event_and_what_is_personal(self):
        page = (FOLDER / "README.md").read_text()
        for name, schema in promised().items():
            assert f"`{name}`" in page
            assert personal_of(schema) == []
            assert all(f"`{path}`" in page for path in personal_of(promised(part="internal")[name]))

    def test_the_page_says_who_reads_which_topic(self):
        page = (FOLDER / "README.md").read_text()
        for topic in {kind.topic for kind in events()}:
            assert f"| `{topic}` | every event, without what is personal | partners |" in page
            assert (
                f"| `{topic}.internal` | every event, whole | {', '.join(readers(topic + '.internal')) or 'nobody'} |"
                in page
            )
            assert f"--topic {topic}\n" in page.replace(" \\\n", "\n")
            assert f"--topic {topic}.internal" not in page
