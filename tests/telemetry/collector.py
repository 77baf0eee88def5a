"""A small OTLP/HTTP collector: it takes what exporters send and keeps the spans."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span as Sent


@dataclass(frozen=True)
class Span:
    """What a span was, as sent."""

    service: str
    name: str
    kind: str
    trace: str
    id: str
    parent: str
    failed: bool
    attributes: dict[str, Any]


@dataclass
class Collector:
    """Where it listens, and what came."""

    url: str = ""
    spans: list[Span] = field(default_factory=list)

    def trace(self, trace_id: str) -> list[Span]:
        """The spans of one trace."""
        return [span for span in self.spans if span.trace == trace_id]

    def take(self, body: bytes) -> None:
        """Reads one export."""
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            attributes = _plain(resource.resource.attributes)
            sent = [span for scope in resource.scope_spans for span in scope.spans]
            self.spans += [_span(str(attributes["service.name"]), span) for span in sent]


def _plain(attributes: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in attributes}


def _span(service: str, sent: Any) -> Span:
    kind = Sent.SpanKind.Name(sent.kind).removeprefix("SPAN_KIND_")
    ids = (sent.trace_id.hex(), sent.span_id.hex(), sent.parent_span_id.hex())
    return Span(service, sent.name, kind, *ids, sent.status.code == 2, _plain(sent.attributes))


@contextmanager
def collecting() -> Iterator[Collector]:
    """Listens on a free port of this machine."""
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            collector.take(gzip.decompress(body) if self.headers.get("content-encoding") == "gzip" else body)
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
