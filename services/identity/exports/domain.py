"""Rules of exports. Times are business time, but those of the tries."""

from datetime import timedelta
from enum import StrEnum

from shared.concurrency.back_off import BackOff

SAME_FOR = timedelta(hours=24)
LIFE = timedelta(days=7)
BACK_OFF = BackOff(2.0, 60.0)
TRIES = 50
"""About 45 minutes: a service that is away for longer fails the export, which can then be asked for anew."""


class ExportStatus(StrEnum):
    """A failed one can be asked for anew at once."""

    QUEUED = "queued"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"


TRANSITIONS: dict[ExportStatus, frozenset[ExportStatus]] = {
    ExportStatus.QUEUED: frozenset({ExportStatus.RUNNING, ExportStatus.FAILED}),
    ExportStatus.RUNNING: frozenset({ExportStatus.READY, ExportStatus.FAILED}),
    ExportStatus.READY: frozenset(),
    ExportStatus.FAILED: frozenset(),
}
