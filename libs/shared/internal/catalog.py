"""What catalog answers to the other services: services, packages, and practitioners in any state."""

from uuid import UUID

from shared.events.catalog import ServiceSnapshot
from shared.peers import Endpoint
from shared.records.money import Money
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


class PackagePart(View):
    """So many sessions, each of any of these services; or a course, alone."""

    service_ids: list[UUID]
    quantity: int
    single_price: Money
    is_course: bool


class PackageSnapshot(View):
    """A package or bundle with all that is in it; `is_on_sale`: whether it can be bought now."""

    package_id: UUID
    kind: str
    practitioner_id: UUID
    practitioner_user_id: UUID
    practitioner_timezone: str
    version: int
    title: str
    price: Money
    valid_for_days: int
    refund_days: int
    is_on_sale: bool
    parts: list[PackagePart]


PACKAGE = Endpoint("catalog", "GET", "/internal/packages/{package_id}/", PackageSnapshot)
"""A package or bundle in any state; NotFound where there is none."""


class KnownLocation(View):
    """A location of a practitioner; a virtual one is no place."""

    location_id: UUID
    practitioner_id: UUID
    is_virtual: bool


class KnownLocations(View):
    """All of a practitioner's."""

    results: list[KnownLocation]


LOCATIONS = Endpoint("catalog", "GET", "/internal/practitioners/{practitioner_id}/locations/", KnownLocations)
"""None where there is no such practitioner."""
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
