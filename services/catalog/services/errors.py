"""What is refused about services."""

from shared.errors import Conflict, FieldError, Invalid


class NotForType(Invalid):
    """Workshops and courses are booked at once, for each of their dates or for all of them."""

    code, detail = "not_for_type", "Workshops and courses have no requests and no standing appointments."

    def __init__(self, *fields: str) -> None:
        """Names the fields."""
        super().__init__(errors=[FieldError(field=name, message=self.detail, code=self.code) for name in fields])


class UnknownCategory(Invalid):
    """The list of categories is GET /services/categories/."""

    detail = "There is no such category."

    def __init__(self) -> None:
        """Names the field."""
        super().__init__(errors=[FieldError(field="category", message=self.detail, code="unknown_category")])


class UnknownResource(Invalid):
    """A resource that is neither the practitioner's nor shared with them."""

    detail = "Name resources of your own, or shared with you."

    def __init__(self, *fields: str) -> None:
        """Names the fields."""
        code = "unknown_resource"
        super().__init__(errors=[FieldError(field=name, message=self.detail, code=code) for name in fields])


class UnknownLocation(Invalid):
    """A location that the practitioner does not have."""

    detail = "Name locations of your own."

    def __init__(self, *fields: str) -> None:
        """Names the fields."""
        code = "unknown_location"
        super().__init__(errors=[FieldError(field=name, message=self.detail, code=code) for name in fields])


class BelowMinimumCharge(Invalid):
    """The price is neither zero nor enough for a card."""

    code, detail = "below_minimum_charge", "A price is zero, or at least what a card can be charged."
    field = "price"


class PlanLimit(Conflict):
    """As many services are on sale as the practitioner's plan allows."""

    code, detail = "plan_limit", "Your plan allows no more services on sale."
