"""Why a seat cannot be held."""

from shared.errors import Conflict, Invalid


class OwnService(Invalid):
    """Practitioners do not book themselves."""

    code, detail = "own_service", "You cannot book your own service."


class NotCombinable(Invalid):
    """A membership pays a seat alone, and at once, and so does a pass."""

    code, field = "not_combinable", "use_membership"
    detail = "A membership or a pass pays all of a seat. Book with one of them, or with credits or a card."


class ClientLimitReached(Conflict):
    """The service has a limit of seats for each client."""

    code, detail = "client_limit_reached", "You have booked this service as often as it allows."


class TooManyHolds(Conflict):
    """One client may not take a calendar with bookings that cost nothing (yet)."""

    code, detail = "too_many_holds", "You have too many unpaid or free bookings. Pay, cancel or attend some first."


class InsufficientCredits(Invalid):
    """More credits than the price; payments says the same of more than the balance."""

    code, detail = "insufficient_credits", "That is more credits than can be used here."


class NotRepeatable(Invalid):
    """A service says how many sessions of a series it sells at most."""

    code, field = "not_repeatable", "repeat"
    detail = "This service is not sold as a series."


class TooMuch(Invalid):
    """An order has a largest amount."""

    code, detail = "too_large", "All of this costs more than can be paid at once."


class StartMissing(Invalid):
    """Only a course has no start of its own."""

    code, detail, field = "missing", "Field required", "start_time"


class NotOfCourse(Invalid):
    """A course is one for one person, and begins when it does."""

    code, detail = "not_for_type", "This cannot be said of a course."


class CourseStarted(Conflict):
    """Nobody may join this course late."""

    code, detail = "course_started", "This course has begun, and cannot be joined any more."


class CourseOver(Conflict):
    """A course without sessions to come."""

    code, detail = "course_over", "No session of this course is left."
