"""Who may do what: one table. An operation names the permission that it needs, and only this module knows which roles
have it.

What a caller owns needs no permission: rows are looked up with their owner, and another's are not found.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from shared.errors import Forbidden


class Role(StrEnum):
    """What an account is; every account is a `user`, a superuser is staff too."""

    USER = "user"
    PRACTITIONER = "practitioner"
    STAFF = "staff"
    SUPERUSER = "superuser"


class Permission(StrEnum):
    """What an operation needs beside a good token: `<noun>.<act>`, for what belongs to others `admin.<noun>.<act>`."""

    WRITE_SERVICES = "catalog.write"
    WRITE_SCHEDULES = "schedules.write"
    RUN_SESSIONS = "sessions.write"
    READ_EARNINGS = "earnings.read"
    REQUEST_PAYOUTS = "payouts.write"
    WRITE_STREAMS = "streams.write"
    WRITE_TO_OWN_CLIENTS = "clients.write"
    SEND_MANY_REQUESTS = "requests.many"
    DEACTIVATE_USERS = "admin.users.deactivate"
    DEACTIVATE_STAFF = "admin.staff.deactivate"
    READ_UNLISTED = "admin.catalog.read"
    READ_APPLICATIONS = "admin.practitioners.read"
    DECIDE_APPLICATIONS = "admin.practitioners.write"
    READ_ORDERS = "admin.orders.read"
    READ_BOOKINGS = "admin.bookings.read"
    CANCEL_FOR_OTHERS = "admin.bookings.cancel"
    REFUND_BOOKINGS = "admin.bookings.refund"
    READ_PAYOUTS = "admin.payouts.read"
    DECIDE_PAYOUTS = "admin.payouts.write"
    MODERATE_CONVERSATIONS = "admin.conversations.write"
    READ_AUDIT = "admin.audit.read"
    PUBLISH_DOCUMENTS = "admin.consents.write"
    READ_ERASURES = "admin.privacy.read"
    CONTROL_SANDBOX = "sandbox.write"


OWN_PRACTICE = frozenset({Role.PRACTITIONER})
ANY_STAFF = frozenset({Role.STAFF, Role.SUPERUSER})
SUPERUSERS = frozenset({Role.SUPERUSER})

PERMISSIONS: Mapping[Permission, frozenset[Role]] = {
    Permission.WRITE_SERVICES: OWN_PRACTICE,
    Permission.WRITE_SCHEDULES: OWN_PRACTICE,
    Permission.RUN_SESSIONS: OWN_PRACTICE,
    Permission.READ_EARNINGS: OWN_PRACTICE,
    Permission.REQUEST_PAYOUTS: OWN_PRACTICE,
    Permission.WRITE_STREAMS: OWN_PRACTICE,
    Permission.WRITE_TO_OWN_CLIENTS: OWN_PRACTICE,
    Permission.SEND_MANY_REQUESTS: OWN_PRACTICE | ANY_STAFF,
    Permission.DEACTIVATE_USERS: ANY_STAFF,
    Permission.DEACTIVATE_STAFF: SUPERUSERS,
    Permission.READ_UNLISTED: ANY_STAFF,
    Permission.READ_APPLICATIONS: ANY_STAFF,
    Permission.DECIDE_APPLICATIONS: ANY_STAFF,
    Permission.READ_ORDERS: ANY_STAFF,
    Permission.READ_BOOKINGS: ANY_STAFF,
    Permission.CANCEL_FOR_OTHERS: ANY_STAFF,
    Permission.REFUND_BOOKINGS: ANY_STAFF,
    Permission.READ_PAYOUTS: ANY_STAFF,
    Permission.DECIDE_PAYOUTS: ANY_STAFF,
    Permission.MODERATE_CONVERSATIONS: ANY_STAFF,
    Permission.READ_AUDIT: ANY_STAFF,
    Permission.PUBLISH_DOCUMENTS: ANY_STAFF,
    Permission.READ_ERASURES: ANY_STAFF,
    Permission.CONTROL_SANDBOX: ANY_STAFF,
}
"""The table."""


class PractitionerRequired(Forbidden):
    """The account is not that of a verified practitioner."""

    code, detail = "practitioner_required", "This needs a verified practitioner."


class StaffRequired(Forbidden):
    """The account is not one of staff."""

    code, detail = "staff_required", "This needs a staff account."


class SuperuserRequired(Forbidden):
    """The account is not that of a superuser."""

    code, detail = "superuser_required", "This needs a superuser."


def has(roles: Iterable[str], permission: Permission) -> bool:
    """Whether one of the roles has the permission; roles that are not in the table have none."""
    return not PERMISSIONS[permission].isdisjoint(roles)


def refusal_of(permission: Permission) -> type[Forbidden]:
    """The error for a caller without it, which names the role that is missing."""
    return REFUSALS[PERMISSIONS[permission]]


REFUSALS: Mapping[frozenset[Role], type[Forbidden]] = {
    OWN_PRACTICE: PractitionerRequired,
    ANY_STAFF: StaffRequired,
    SUPERUSERS: SuperuserRequired,
    OWN_PRACTICE | ANY_STAFF: Forbidden,
}
