"""Traces over OTLP, where OTEL_EXPORTER_OTLP_ENDPOINT is set; elsewhere each place costs one comparison.

A trace goes from the gateway over service, peer, outbox and bus to the handler. What links its spans is the
traceparent of `shared.trace`: a span replaces it while it is open. Spans carry route templates, types
and outcomes, never an id of a person, a body or an error's text.
"""

import re
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from opentelemetry import trace as otel
from opentelemetry.context import Context
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, StatusCode, TraceFlags

from shared import trace
from shared.events.base import Envelope
from shared.settings import SettingsError

SERVER, CLIENT, PRODUCER = SpanKind.SERVER, SpanKind.CLIENT, SpanKind.PRODUCER
CONSUMER, INTERNAL = SpanKind.CONSUMER, SpanKind.INTERNAL
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
UNSENT = ("/health", "/metrics")
Value = str | int | float | bool


class Span:
    """Something that takes time. This one is nobody's: what happens to it has no effect."""

    on = False

    def __enter__(self) -> Self:
        """Nothing to begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Ends it, as failed where an exception leaves it."""
        self.end(error)

    def called(self, name: str) -> None:
        """Its name, where that is known only later."""

    def tell(self, **attributes: Value) -> None:
        """More about it: `http_route` becomes the attribute `http.route`."""

    def request(self, method: str, route: str, status: int) -> None:
        """It was that HTTP request, and is named after the route's template; health and metrics are not sent."""

    def forget(self) -> None:
        """Does not send it: nothing happened. No effect once something else happened within."""

    def end(self, error: BaseException | None = None) -> None:
        """Ends it without `with`."""


NOTHING = Span()


class OpenSpan(Span):
    """A span that is sent when it ends. While it is open, the carrier names it."""

    on = True

    def __init__(self, tracer: otel.Tracer, span: otel.Span, after: str | None) -> None:
        """`after` is what the carrier names when this has ended; None: still this one."""
        self.tracer, self._span = tracer, span
        self._forgotten = self._has_children = False
        self._outer = _active.get()
        _active.set(self)
        own = header_of(span)
        self._after = after or own
        trace.resume(own)

    def called(self, name: str) -> None:
        self._span.update_name(name)

    def tell(self, **attributes: Value) -> None:
        for name, value in attributes.items():
            self._span.set_attribute(name.replace("_", "."), value)

    def request(self, method: str, route: str, status: int) -> None:
        self.called(f"{method} {route}")
        self.tell(http_request_method=method, http_route=route)
        self._span.set_attribute("http.response.status_code", status)
        if status >= 500:
            self._span.set_status(StatusCode.ERROR)
        if route.startswith(UNSENT):
            self.forget()

    def forget(self) -> None:
        self._forgotten = True

    def end(self, error: BaseException | None = None) -> None:
        trace.resume(self._after)
        _active.set(self._outer)
        if error is not None:
            self._span.set_status(StatusCode.ERROR)
            self._span.set_attribute("error.type", type(error).__qualname__)
        if not self._forgotten or self._has_children:
            self._span.end()  # what is never ended is never sent

    def child(self, name: str, kind: SpanKind) -> "OpenSpan":
        """A span within this one."""
        self._has_children = True
        before = trace.traceparent()
        return OpenSpan(self.tracer, start(self.tracer, name, kind, before), before)


class Exporter:
    """Sends spans to one collector; each service is a resource of its own."""

    def __init__(self, env: Mapping[str, str]) -> None:
        """Reads the standard variables OTEL_EXPORTER_OTLP_* and OTEL_TRACES_SAMPLER*; connects with the first span."""
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        self._sampler = _sampler(env)
        self._processor = BatchSpanProcessor(OTLPSpanExporter(endpoint=_endpoint(env), timeout=5))
        self._tracers: dict[str, otel.Tracer] = {}

    def tracer(self, service: str) -> otel.Tracer:
        """That service's tracer."""
        found = self._tracers.get(service)
        return found or self._tracers.setdefault(service, self._make(service))

    def close(self) -> None:
        """Sends what is waiting and ends."""
        self._processor.shutdown()  # type: ignore[no-untyped-call]  # the library has no type for it

    def _make(self, service: str) -> otel.Tracer:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider

        resource = Resource.create({"service.name": f"estuary-{service}", "service.namespace": "estuary"})
        provider = TracerProvider(sampler=self._sampler, resource=resource, shutdown_on_exit=False)
        provider.add_span_processor(self._processor)
        return provider.get_tracer("estuary")


_active: ContextVar[OpenSpan | None] = ContextVar("span", default=None)
_exporter: Exporter | None = None


def configure(env: Mapping[str, str]) -> Exporter | None:
    """Begins to send traces if the environment says where to; once, at the process's start."""
    global _exporter
    off = env.get("OTEL_SDK_DISABLED", "").lower() == "true" or env.get("OTEL_TRACES_EXPORTER") == "none"
    _exporter = Exporter(env) if _endpoint(env) and not off else None
    return _exporter


def close() -> None:
    """Sends what is waiting; afterwards spans go nowhere."""
    global _exporter
    exporter, _exporter = _exporter, None
    if exporter is not None:
        exporter.close()


def serving(service: str, name: str, kind: SpanKind, traceparent: str | None = None) -> Span:
    """Where a request, an event or a job enters a service: continues that trace, or begins one."""
    given = trace.begin(traceparent)
    if _exporter is None:
        return NOTHING
    tracer = _exporter.tracer(service)
    parent = traceparent if given == traceparent else None
    return OpenSpan(tracer, start(tracer, name, kind, parent), parent)


def calling(*words: str) -> Span:
    """A call to somebody else, within what is being served; ids in its name are left out."""
    active = _active.get()
    if active is None or _exporter is None:
        return NOTHING
    return active.child(ID.sub("{id}", " ".join(words)), CLIENT)


def publishing(service: str, envelopes: Sequence[Envelope]) -> "Publishing":
    """A span per event on its way to the bus, each in its own trace; `with` gives what is to be sent instead."""
    if _exporter is None:
        return Publishing(envelopes, ())
    tracer = _exporter.tracer(service)
    spans = [start(tracer, f"publish {published.type}", PRODUCER, published.traceparent) for published in envelopes]
    return Publishing(envelopes, spans)


class Publishing:
    """Events on their way; without spans where traces go nowhere."""

    __slots__ = ("_envelopes", "_spans")

    def __init__(self, envelopes: Sequence[Envelope], spans: Sequence[otel.Span]) -> None:
        """One span for each envelope, or none at all."""
        self._envelopes, self._spans = envelopes, spans

    def __enter__(self) -> Sequence[Envelope]:
        """The events, each naming its span as what caused it."""
        if not self._spans:
            return self._envelopes
        published = zip(self._envelopes, self._spans, strict=True)
        return [replace(envelope, traceparent=header_of(span)) for envelope, span in published]

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """All are safe, or none is known to be."""
        for envelope, span in zip(self._envelopes, self._spans, strict=False):
            span.set_attribute("messaging.destination.name", envelope.topic)
            if error is not None:
                span.set_status(StatusCode.ERROR)
            span.end()


def start(tracer: otel.Tracer, name: str, kind: SpanKind, parent: str | None) -> otel.Span:
    """An SDK span under that traceparent; a root without one."""
    context = Context()
    if parent is not None:
        _, trace_id, span_id, flags = parent.split("-")
        remote = SpanContext(int(trace_id, 16), int(span_id, 16), True, TraceFlags(int(flags, 16)))
        context = otel.set_span_in_context(NonRecordingSpan(remote), context)
    return tracer.start_span(name, context, kind, record_exception=False, set_status_on_exception=False)


def header_of(span: otel.Span) -> str:
    """The span's traceparent."""
    own = span.get_span_context()
    return f"00-{own.trace_id:032x}-{own.span_id:016x}-{own.trace_flags:02x}"


def _endpoint(env: Mapping[str, str]) -> str:
    """Where spans go by HTTP, empty if nowhere; SettingsError for a protocol that is not spoken here."""
    base = env.get("OTEL_EXPORTER_OTLP_ENDPOINT", "")
    endpoint = env.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") or (f"{base.rstrip('/')}/v1/traces" if base else "")
    protocol = env.get("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
    if endpoint and protocol != "http/protobuf":
        raise SettingsError(f"OTEL_EXPORTER_OTLP_PROTOCOL: {protocol} is not supported, only http/protobuf")
    return endpoint


def _sampler(env: Mapping[str, str]) -> Any:
    from opentelemetry.sdk.trace import sampling

    name = env.get("OTEL_TRACES_SAMPLER") or "parentbased_always_on"
    given = env.get("OTEL_TRACES_SAMPLER_ARG") or "1"
    try:
        ratio = sampling.TraceIdRatioBased(float(given))
    except ValueError:
        raise SettingsError(f"OTEL_TRACES_SAMPLER_ARG: {given} is not a number from 0 to 1") from None
    roots = {"always_on": sampling.ALWAYS_ON, "always_off": sampling.ALWAYS_OFF, "traceidratio": ratio}
    root = roots.get(name.removeprefix("parentbased_"))
    if root is None:
        raise SettingsError(f"OTEL_TRACES_SAMPLER: {name} is not known")
    return sampling.ParentBased(root) if name.startswith("parentbased_") else root
