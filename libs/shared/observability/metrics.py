"""Metrics of every process, under `/metrics`: names are `estuary_<part>_<thing>_<unit>`."""

from prometheus_client import Counter, Gauge, Histogram

KNOWN_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "WEBSOCKET"})

REQUESTS = Counter("estuary_http_requests", "Requests answered", ["service", "route", "method", "status"])
SECONDS = Histogram(
    "estuary_http_request_seconds",
    "Time to answer",
    ["service", "route", "method"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
OUTBOX_WAITING = Gauge("estuary_outbox_waiting_events", "Events that are not handed to the bus yet", ["schema"])
OUTBOX_OLDEST = Gauge("estuary_outbox_oldest_seconds", "Age of the oldest of them, 0 where none waits", ["schema"])
OUTBOX_SENT = Counter("estuary_outbox_sent_events", "Events handed to the bus", ["schema"])
EVENTS_HANDLED = Counter("estuary_inbox_handled_events", "Events that took effect", ["consumer", "type"])
EVENTS_PARKED = Counter("estuary_inbox_parked_events", "Events set aside after the last attempt", ["consumer", "type"])
PARKED_NOW = Gauge("estuary_inbox_parked_now_events", "Events that wait for an operator's replay", ["schema"])
JOB_RUNS = Counter("estuary_jobs_runs", "Runs of a job by outcome", ["schema", "job", "outcome"])
JOB_SECONDS = Histogram(
    "estuary_jobs_run_seconds",
    "How long a run of a job took that found something to do",
    ["schema", "job"],
    buckets=(0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60),
)
LEADER = Gauge("estuary_worker_leader", "1 where this process leads the relay and the jobs", ["schema"])
CONSUMER_LAG = Gauge("estuary_kafka_lag_events", "Events that wait at the broker", ["consumer", "topic", "partition"])
KAFKA_REBUILDS = Counter("estuary_kafka_rebuilds", "Clients replaced after a failure", ["client"])
KAFKA_MALFORMED = Counter("estuary_kafka_malformed_records", "Records that are no events of ours", ["topic"])

LOOP_LATE = Gauge("estuary_loop_late_seconds", "How late the event loop was over the last second", ["service"])
REQUESTS_SHED = Counter("estuary_shed_requests", "Requests refused: too much to do", ["service", "kind"])


class Meters:
    """Rate, errors and duration of one part's requests. Routes are templates, so their number is bounded."""

    def __init__(self, service: str) -> None:
        """`service` names the part."""
        self._service = service
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def answered(self, route: str, method: str, status: int, seconds: float | None) -> None:
        """One request was answered; None where its length says nothing (a WebSocket)."""
        count, duration = self._known.get((route, method, status)) or self._meet(route, method, status)
        count.inc()
        if seconds is not None:
            duration.observe(seconds)

    def _meet(self, route: str, method: str, status: int) -> tuple[Counter, Histogram]:
        shown = method if method in KNOWN_METHODS else "OTHER"
        found = REQUESTS.labels(self._service, route, shown, status), SECONDS.labels(self._service, route, shown)
        if shown == method:
            self._known[route, method, status] = found
        return found


def forget(label: str, *gauges: Gauge) -> None:
    """Says nothing more under that one label: a gauge that nobody keeps up to date would lie."""
    for gauge in gauges:
        gauge.remove(label)
