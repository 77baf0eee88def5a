"""What hours are refused with."""

from shared.errors import Invalid


class UnknownSchedule(Invalid):
    """A named schedule that the practitioner does not have."""

    code, detail, field = "unknown_schedule", "Name a schedule of your own.", "schedule_id"
