"""When a course is attended (rule 16)."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.booking.bookings.domain import Mark

CAME = frozenset({Mark.ATTENDED, Mark.LATE})


@dataclass(frozen=True)
class CourseAttendance:
    """At how many of its sessions the client of a course was, and of how many nobody has said it."""

    sessions: int
    attended: int
    unrecorded: int

    @classmethod
    def of(cls, marks: Iterable[Mark | None]) -> "CourseAttendance":
        """From what was said of each session that was not cancelled."""
        said = list(marks)
        return cls(len(said), sum(mark in CAME for mark in said), said.count(None))

    def earns(self, percent: int) -> bool:
        """Whether all of it is recorded, and at least that share was attended."""
        return self.sessions > 0 and self.unrecorded == 0 and self.attended * 100 >= percent * self.sessions
