"""The states of a report."""

from enum import StrEnum


class ReportStatus(StrEnum):
    OPEN = "open"
    DISMISSED = "dismissed"
    UPHELD = "upheld"


TRANSITIONS: dict[ReportStatus, frozenset[ReportStatus]] = {
    ReportStatus.OPEN: frozenset({ReportStatus.DISMISSED, ReportStatus.UPHELD}),
    ReportStatus.DISMISSED: frozenset(),
    ReportStatus.UPHELD: frozenset(),
}
