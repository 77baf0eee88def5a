"""What dates are refused with."""

from shared.errors import Conflict, Invalid


class BadRule(Invalid):
    """A recurrence rule that is not understood, or has no dates, or no end where it needs one."""

    code, field, detail = "bad_rrule", "series.rrule", "This rule is not understood."


class NoDates(Invalid):
    """Neither dates nor a series."""

    code, field, detail = "missing", "dates", "Send dates, a series, or both."


class TooManyDates(Invalid):
    """More dates than one call may write."""

    code, detail = "too_many_dates", "These are more than 200 dates. Write fewer at a time."


class NotForType(Invalid):
    """Hours for a service that is sold on dates, or dates for one that is sold within hours."""

    code, detail = "not_for_type", "A service of this type has no such schedule."


class HasEnrolments(Conflict):
    """A course gets no more dates once a client has enrolled for those that it has."""

    code, detail = "has_enrolments", "Clients are enrolled in this course: its dates are the ones that they bought."
