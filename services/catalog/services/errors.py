"""What is refused about services."""

from shared.errors import Conflict, FieldError, Invalid


class TypeNotAvailable(Invalid):
    """Workshops and courses are known by name, but cannot be sold."""

    detail = "Only sessions can be sold now."

    def __init__(self) -> None:
        """Names the field."""
        super().__init__(errors=[FieldError(field="service_type", message=self.detail, code="not_available")])


class UnknownCategory(Invalid):
    """The list of categories is GET /services/categories/."""

    detail = "There is no such category."

    def __init__(self) -> None:
        """Names the field."""
        super().__init__(errors=[FieldError(field="category", message=self.detail, code="unknown_category")])


class BelowMinimumCharge(Invalid):
    """The price is neither zero nor enough for a card."""

    code, detail = "below_minimum_charge", "A price is zero, or at least what a card can be charged."
    field = "price"


class PlanLimit(Conflict):
    """As many services are on sale as the practitioner's plan allows."""

    code, detail = "plan_limit", "Your plan allows no more services on sale."
