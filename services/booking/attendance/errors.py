"""Why attendance cannot be recorded."""

from shared.errors import Conflict


class NotNow(Conflict):
    """Too early, or too late."""

    code = "not_now"
    detail = (
        "Attendance is recorded from 15 minutes before the start: marks until 7 days after the end, check-ins until it."
    )
