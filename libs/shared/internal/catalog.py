"""What catalog answers to the other services: services, and practitioners in any state."""

from uuid import UUID

from shared.events.catalog import ServiceSnapshot
from shared.peers import Endpoint
from shared.web.http import View


class InternalPractitioner(View):
    """A practitioner in any state; `version` grows as that of the events does."""

    practitioner_id: UUID
    user_id: UUID
    display_name: str
    timezone: str
    verification_status: str
    version: int


class ServicesOverLimit(View):
    """How many of a practitioner's services a plan with that limit would take off sale."""

    count: int


SERVICE = Endpoint("catalog", "GET", "/internal/services/{service_id}/", ServiceSnapshot)
"""A service in any state; NotFound where there is none."""
PRACTITIONER = Endpoint("catalog", "GET", "/internal/practitioners/{practitioner_id}/", InternalPractitioner)
"""A practitioner; NotFound where there is none."""
PRACTITIONER_OF_USER = Endpoint("catalog", "GET", "/internal/practitioners/by-user/{user_id}/", InternalPractitioner)
"""The practitioner that this user is; NotFound where they are none."""
SERVICES_OVER_LIMIT = Endpoint(
    "catalog", "GET", "/internal/practitioners/{practitioner_id}/services-over-limit/", ServicesOverLimit
)
"""With `limit` in the query; none of who has no services, and where plans limit nothing."""
