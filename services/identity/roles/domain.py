"""Rules of granting roles."""

from collections.abc import Sequence

from shared.auth.permissions import Role

OF_PARTNERS = frozenset({Role.PARTNER, Role.SOCIETY_PARTNER})
"""What staff grant."""
OF_STAFF = frozenset({Role.SUPPORT, Role.MARKETING, Role.STAFF, Role.SUPERUSER})
"""What superusers grant as well: the roles of those who work for the platform."""
SETTABLE = OF_PARTNERS | OF_STAFF
"""`user` every account is, and `practitioner` is a decision about an application."""
STORED = OF_PARTNERS | {Role.SUPPORT, Role.MARKETING}
"""Those among the granted roles of an account; the others are columns."""


def settable(*, by_superuser: bool) -> frozenset[Role]:
    """The roles that staff grant, or superusers."""
    return SETTABLE if by_superuser else OF_PARTNERS


def not_settable(roles: Sequence[str], allowed: frozenset[Role]) -> list[int]:
    """The places of those that cannot be granted."""
    return [at for at, role in enumerate(roles) if role not in allowed]
