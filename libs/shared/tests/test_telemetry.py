"""Spans without a collector: who is whose parent, what is sent at all, and what it costs where nobody listens."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from shared import trace
from shared.events.base import Envelope
from shared.messaging.cloudevents import envelope_of as read_record
from shared.messaging.cloudevents import record_of
from shared.observability import telemetry
from shared.records.clock import machine_now
from shared.records.ids import new_id
from shared.settings import SettingsError

GIVEN = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
UNSAMPLED = GIVEN[:-2] + "00"
SENT: list[Any] = []


class Collector(BaseHTTPRequestHandler):
    """Keeps the spans in SENT."""

    def do_POST(self) -> None:
        request = ExportTraceServiceRequest.FromString(self.rfile.read(int(self.headers["content-length"])))
        for resource in request.resource_spans:
            SENT.extend(span for scope in resource.scope_spans for span in scope.spans)
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def collector() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def env(collector: str) -> dict[str, str]:
    SENT.clear()
    return {"OTEL_EXPORTER_OTLP_ENDPOINT": collector}


@pytest.fixture
def on(env: dict[str, str]) -> Iterator[None]:
    telemetry.configure(env)
    yield
    telemetry.close()


def sent() -> dict[str, Any]:
    """What was sent, by name; ends the exporter."""
    telemetry.close()
    return {span.name: span for span in SENT}


def envelope(traceparent: str | None = GIVEN) -> Envelope:
    return Envelope(new_id(), "ThingMade", 1, "estuary.toy", new_id(), machine_now(), {}, traceparent)


class TestOff:
    def test_the_carrier_goes_on_and_nothing_else_happens(self):
        with telemetry.serving("toy", "x", telemetry.SERVER, GIVEN) as span:
            assert not span.on
            assert trace.traceparent() == GIVEN
            with telemetry.calling("GET", "peer", "/"):
                assert trace.traceparent() == GIVEN
        given = [envelope()]
        with telemetry.publishing("toy", given) as envelopes:
            assert envelopes is given

    @pytest.mark.parametrize(
        "env",
        [
            {},
            {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_SDK_DISABLED": "true"},
            {"OTEL_TRACES_EXPORTER": "none"},
        ],
    )
    def test_is_off_unless_told_where_to_send(self, env: dict[str, str]):
        assert telemetry.configure(env) is None


@pytest.mark.usefixtures("on")
class TestOn:
    def test_a_call_is_within_what_is_served_and_the_carrier_returns(self):
        with telemetry.serving("toy", "x", telemetry.SERVER, GIVEN) as span:
            outer = trace.traceparent()
            with telemetry.calling("PUT", "peer", f"/internal/orders/{new_id()}/"):
                inner = trace.traceparent()
            assert trace.traceparent() == outer
            span.request("PUT", "/api/v1/x/{id}/", 200)
        assert trace.traceparent() == GIVEN
        found = sent()
        assert found.keys() == {"PUT /api/v1/x/{id}/", "PUT peer /internal/orders/{id}/"}
        request, call = found["PUT /api/v1/x/{id}/"], found["PUT peer /internal/orders/{id}/"]
        assert request.parent_span_id.hex() == GIVEN[36:52]
        assert call.parent_span_id == request.span_id
        assert outer == f"00-{GIVEN[3:35]}-{request.span_id.hex()}-01"
        assert inner == f"00-{GIVEN[3:35]}-{call.span_id.hex()}-01"

    @pytest.mark.parametrize("header", [None, "", "00-x-y-01", GIVEN.upper()])
    def test_begins_a_trace_where_there_is_none(self, header: str | None):
        with telemetry.serving("toy", "root", telemetry.SERVER, header):
            begun = trace.trace_id()
        assert trace.trace_id() == begun
        assert sent()["root"].parent_span_id == b""
        assert sent()["root"].trace_id.hex() == begun

    def test_what_was_not_chosen_at_the_root_is_sent_nowhere(self):
        with telemetry.serving("toy", "x", telemetry.SERVER, UNSAMPLED), telemetry.calling("y"):
            assert (trace.traceparent() or "").endswith("-00")
            assert trace.trace_id() == UNSAMPLED[3:35]
        assert sent() == {}

    def test_nothing_happened_is_not_sent_unless_something_did(self):
        for name in ("idle", "busy"):
            with telemetry.serving("toy", name, telemetry.INTERNAL) as span:
                if name == "busy":
                    with telemetry.calling("z"):
                        pass
                span.forget()
        assert sent().keys() == {"busy", "z"}

    def test_health_is_not_sent_and_server_errors_are_marked(self):
        for route, status in (("/health/ready", 200), ("/api/v1/x/", 503), ("/api/v1/y/", 404)):
            with telemetry.serving("toy", "GET", telemetry.SERVER) as span:
                span.request("GET", route, status)
        assert {name: span.status.code for name, span in sent().items()} == {"GET /api/v1/x/": 2, "GET /api/v1/y/": 0}

    def test_an_exception_marks_the_span_with_its_type_alone(self):
        with pytest.raises(ValueError, match="casey"), telemetry.serving("toy", "x", telemetry.CONSUMER, GIVEN):
            raise ValueError("casey@example.com")
        assert sent()["x"].status.code == 2
        assert [a.value.string_value for a in sent()["x"].attributes] == ["ValueError"]
        assert not sent()["x"].events
        assert b"casey" not in sent()["x"].SerializeToString()

    def test_an_event_is_published_and_handled_in_its_trace_also_over_kafka(self):
        given = [envelope(), envelope(None)]
        with telemetry.publishing("toy", given) as envelopes:
            assert [replace(one, traceparent=None) for one in envelopes] == [
                replace(o, traceparent=None) for o in given
            ]
        record = record_of(envelopes[0], envelopes[0].topic, envelopes[0].data)
        got = read_record(type("Record", (), {**record, "partition": 0, "offset": 0}))
        with telemetry.serving("other", "handle ThingMade", telemetry.CONSUMER, got.traceparent):
            pass
        found = sent()
        published = next(span for span in SENT if span.parent_span_id.hex() == GIVEN[36:52])
        assert found["handle ThingMade"].parent_span_id == published.span_id
        assert found["handle ThingMade"].trace_id.hex() == GIVEN[3:35]

    async def test_tasks_keep_to_their_own_trace(self):
        async def one(name: str) -> tuple[str | None, str | None]:
            with telemetry.serving("toy", name, telemetry.SERVER):
                before = trace.trace_id()
                await asyncio.sleep(0.01)
                with telemetry.calling(f"{name} calls"):
                    await asyncio.sleep(0.01)
                return before, trace.trace_id()

        results = await asyncio.gather(*(one(f"t{number}") for number in range(5)))
        assert all(before == after for before, after in results)
        found = sent()
        assert all(found[f"t{n} calls"].parent_span_id == found[f"t{n}"].span_id for n in range(5))


class TestSettings:
    @pytest.mark.parametrize(
        ("variable", "value", "says"),
        [
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "OTEL_EXPORTER_OTLP_PROTOCOL: grpc is not supported"),
            ("OTEL_TRACES_SAMPLER", "sometimes", "OTEL_TRACES_SAMPLER: sometimes is not known"),
            ("OTEL_TRACES_SAMPLER_ARG", "many", "OTEL_TRACES_SAMPLER_ARG: many is not a number from 0 to 1"),
        ],
    )
    def test_a_bad_one_is_one_line(self, env: dict[str, str], variable: str, value: str, says: str):
        with pytest.raises(SettingsError, match=says):
            telemetry.configure(env | {variable: value})

    @pytest.mark.parametrize(
        ("sampler", "argument", "given", "comes"),
        [
            ("always_off", "", GIVEN, False),
            ("always_on", "", UNSAMPLED, True),
            ("parentbased_always_off", "", GIVEN, True),
            ("parentbased_always_off", "", None, False),
            ("parentbased_traceidratio", "0", None, False),
            ("parentbased_traceidratio", "1", None, True),
        ],
    )
    def test_samplers(self, env: dict[str, str], sampler: str, argument: str, given: str | None, comes: bool):
        telemetry.configure(env | {"OTEL_TRACES_SAMPLER": sampler, "OTEL_TRACES_SAMPLER_ARG": argument})
        with telemetry.serving("toy", "x", telemetry.SERVER, given):
            pass
        assert bool(sent()) is comes
