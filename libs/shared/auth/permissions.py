"""Who may do what: two tables. An operation names the permission that it needs, if any, and has a scope by one rule
(`shared.auth.scopes`); only this module knows which roles have which.

What a caller owns needs no permission: rows are looked up with their owner, and another's are not found.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache

from shared.errors import Forbidden


class Role(StrEnum):
    """What an account is; every account is a `user`, a superuser is staff too."""

    USER = "user"
    PRACTITIONER = "practitioner"
    PARTNER = "partner"
    SOCIETY_PARTNER = "society_partner"
    SUPPORT = "support"
    MARKETING = "marketing"
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
    HOLD_API_KEYS = "keys.write"
    READ_ROLES = "admin.roles.read"
    READ_ACCOUNTS = "admin.users.read"
    SUSPEND_USERS = "admin.users.suspend"
    DEACTIVATE_USERS = "admin.users.deactivate"
    RESET_FACTORS = "admin.users.mfa"
    DEACTIVATE_STAFF = "admin.staff.deactivate"
    WRITE_CLIENTS = "admin.clients.write"
    IMPERSONATE = "admin.users.impersonate"
    IMPERSONATE_TO_WRITE = "admin.users.impersonate_to_write"
    GRANT_ROLES = "admin.roles.write"
    GRANT_STAFF_ROLES = "admin.staff.write"
    READ_UNLISTED = "admin.catalog.read"
    READ_APPLICATIONS = "admin.practitioners.read"
    DECIDE_APPLICATIONS = "admin.practitioners.write"
    READ_ORDERS = "admin.orders.read"
    READ_BOOKINGS = "admin.bookings.read"
    CANCEL_FOR_OTHERS = "admin.bookings.cancel"
    REFUND_BOOKINGS = "admin.bookings.refund"
    READ_PAYOUTS = "admin.payouts.read"
    DECIDE_PAYOUTS = "admin.payouts.write"
    WRITE_PLANS = "admin.plans.write"
    CANCEL_SUBSCRIPTIONS = "admin.subscriptions.write"
    MODERATE_CONVERSATIONS = "admin.conversations.write"
    READ_AUDIT = "admin.audit.read"
    PUBLISH_DOCUMENTS = "admin.consents.write"
    READ_ERASURES = "admin.privacy.read"
    CONTROL_SANDBOX = "sandbox.write"


OWN_PRACTICE = frozenset({Role.PRACTITIONER})
ANY_STAFF = frozenset({Role.STAFF, Role.SUPERUSER})
STAFF_OR_SUPPORT = ANY_STAFF | {Role.SUPPORT}
SUPERUSERS = frozenset({Role.SUPERUSER})
PRACTICE_OR_PARTNERS = OWN_PRACTICE | {Role.PARTNER, Role.SOCIETY_PARTNER}
MANY_REQUESTS = PRACTICE_OR_PARTNERS | STAFF_OR_SUPPORT | {Role.MARKETING}
OF_STAFF = "admin."
"""How the names of permissions and scopes for what belongs to others begin."""

PERMISSIONS: Mapping[Permission, frozenset[Role]] = {
    Permission.WRITE_SERVICES: OWN_PRACTICE,
    Permission.WRITE_SCHEDULES: OWN_PRACTICE,
    Permission.RUN_SESSIONS: OWN_PRACTICE,
    Permission.READ_EARNINGS: OWN_PRACTICE,
    Permission.REQUEST_PAYOUTS: OWN_PRACTICE,
    Permission.WRITE_STREAMS: OWN_PRACTICE,
    Permission.WRITE_TO_OWN_CLIENTS: OWN_PRACTICE,
    Permission.SEND_MANY_REQUESTS: MANY_REQUESTS,
    Permission.HOLD_API_KEYS: PRACTICE_OR_PARTNERS,
    Permission.READ_ROLES: ANY_STAFF,
    Permission.READ_ACCOUNTS: STAFF_OR_SUPPORT,
    Permission.SUSPEND_USERS: ANY_STAFF,
    Permission.DEACTIVATE_USERS: ANY_STAFF,
    Permission.RESET_FACTORS: ANY_STAFF,
    Permission.DEACTIVATE_STAFF: SUPERUSERS,
    Permission.WRITE_CLIENTS: SUPERUSERS,
    Permission.IMPERSONATE: ANY_STAFF,
    Permission.IMPERSONATE_TO_WRITE: SUPERUSERS,
    Permission.GRANT_ROLES: ANY_STAFF,
    Permission.GRANT_STAFF_ROLES: SUPERUSERS,
    Permission.READ_UNLISTED: ANY_STAFF,
    Permission.READ_APPLICATIONS: ANY_STAFF,
    Permission.DECIDE_APPLICATIONS: ANY_STAFF,
    Permission.READ_ORDERS: STAFF_OR_SUPPORT,
    Permission.READ_BOOKINGS: STAFF_OR_SUPPORT,
    Permission.CANCEL_FOR_OTHERS: ANY_STAFF,
    Permission.REFUND_BOOKINGS: ANY_STAFF,
    Permission.READ_PAYOUTS: STAFF_OR_SUPPORT,
    Permission.DECIDE_PAYOUTS: ANY_STAFF,
    Permission.WRITE_PLANS: ANY_STAFF,
    Permission.CANCEL_SUBSCRIPTIONS: ANY_STAFF,
    Permission.MODERATE_CONVERSATIONS: STAFF_OR_SUPPORT,
    Permission.READ_AUDIT: ANY_STAFF,
    Permission.PUBLISH_DOCUMENTS: ANY_STAFF,
    Permission.READ_ERASURES: ANY_STAFF,
    Permission.CONTROL_SANDBOX: ANY_STAFF,
}
"""The table of permissions."""


def _scopes(nouns: str, *acts: str) -> frozenset[str]:
    return frozenset(f"{noun}.{act}" for noun in nouns.split() for act in acts)


OWN = _scopes("account catalog bookings payments streams messages notifications library", "read", "write")
FIGURES = _scopes("figures", "read", "write")
ALL_OF_STAFF = frozenset(f"{OF_STAFF}{scope}" for scope in OWN | FIGURES)
SCOPES: Mapping[Role, frozenset[str]] = {
    Role.USER: OWN,
    Role.PRACTITIONER: OWN | FIGURES,
    Role.PARTNER: OWN | FIGURES,
    Role.SOCIETY_PARTNER: OWN | FIGURES,
    Role.SUPPORT: OWN
    | _scopes("admin.account admin.bookings admin.payments", "read")
    | _scopes("admin.catalog admin.streams admin.messages", "read", "write"),
    Role.MARKETING: OWN | _scopes("admin.figures", "read"),
    Role.STAFF: OWN | ALL_OF_STAFF,
    Role.SUPERUSER: OWN | ALL_OF_STAFF,
}
"""The table of scopes: `<noun>.read` and `<noun>.write`, `admin.<noun>.*` for what belongs to others."""


@cache
def scopes_of(roles: frozenset[str]) -> frozenset[str]:
    """What an account with these roles may at most; roles that are not in the table add nothing."""
    return frozenset().union(OWN, *(SCOPES[role] for role in Role if role in roles))


class PractitionerRequired(Forbidden):
    """The account is not that of a verified practitioner."""

    code, detail = "practitioner_required", "This needs a verified practitioner."


class PractitionerOrPartnerRequired(Forbidden):
    """The account is neither that of a verified practitioner nor that of a partner."""

    code, detail = "practitioner_required", "This needs a verified practitioner or a partner."


class StaffRequired(Forbidden):
    """The account is not one of staff."""

    code, detail = "staff_required", "This needs a staff account."


class InsufficientScope(Forbidden):
    """The token is narrower than its owner, and this is beyond it; or no role of the caller has the scope."""

    code, detail = "insufficient_scope", "This needs a full sign-in, not a token with scopes."


class ImpersonationLimited(Forbidden):
    """Staff look at the account of another: they change nothing beyond what was asked for, and see no messages."""

    code, detail = "impersonation_limited", "This cannot be done in the name of another."


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
    PRACTICE_OR_PARTNERS: PractitionerOrPartnerRequired,
    ANY_STAFF: StaffRequired,
    STAFF_OR_SUPPORT: StaffRequired,
    SUPERUSERS: SuperuserRequired,
    MANY_REQUESTS: Forbidden,
}
