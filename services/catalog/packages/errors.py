"""What is refused about packages and bundles. Each names its field."""

from shared.errors import FieldError, Invalid, NotFound


class UnknownPart(NotFound):
    """A service or package that the practitioner does not have; the field errors say which."""

    code, detail = "unknown_part", "Name services and packages of your own."

    def __init__(self, fields: list[str]) -> None:
        """Names the fields."""
        super().__init__(errors=[FieldError(field=name, message=self.detail, code=self.code) for name in fields])


class CourseApart(Invalid):
    """A course has its own dates: packages hold none, and in a bundle it is alone in its item, once."""

    code, detail = "course_apart", "A course is sold in a bundle, alone in its item and once."


class TooManySessions(Invalid):
    """More sessions than a client could ever use."""

    code, detail, field = "too_many_sessions", "At most 300 sessions are sold together.", "items"


class TooExpensive(Invalid):
    """More than one payment can be."""

    code, detail, field = "too_expensive", "This costs more than one payment can be.", "items"


class AboveParts(Invalid):
    """A bundle costs more than what is in it."""

    code, detail, field = "above_parts", "A bundle costs at most what its parts cost one by one.", "total_price"
