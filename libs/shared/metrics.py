"""Metrics of every process, under `/metrics`: names are `estuary_<part>_<thing>_<unit>`."""

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter("estuary_http_requests", "Requests answered", ["service", "route", "method", "status"])
SECONDS = Histogram(
    "estuary_http_request_seconds",
    "Time to answer",
    ["service", "route", "method"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
OUTBOX_SENT = Counter("estuary_outbox_sent_events", "Events handed to the bus", ["schema"])
EVENTS_HANDLED = Counter("estuary_inbox_handled_events", "Events that took effect", ["consumer", "type"])
EVENTS_PARKED = Counter("estuary_inbox_parked_events", "Events set aside after the last attempt", ["consumer", "type"])
JOB_RUNS = Counter("estuary_jobs_runs", "Runs of a job by outcome", ["schema", "job", "outcome"])
LEADER = Gauge("estuary_worker_leader", "1 where this process leads the relay and the jobs", ["schema"])
CONSUMER_LAG = Gauge("estuary_kafka_lag_events", "Events that wait at the broker", ["consumer", "topic", "partition"])
KAFKA_REBUILDS = Counter("estuary_kafka_rebuilds", "Clients replaced after a failure", ["client"])
KAFKA_MALFORMED = Counter("estuary_kafka_malformed_records", "Records that are no events of ours", ["topic"])
