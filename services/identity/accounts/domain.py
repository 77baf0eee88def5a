"""Rules of accounts."""

from collections.abc import Iterable

from shared.auth.permissions import Role

DEMO_ACCOUNTS = tuple(f"{name}@estuary.example" for name in ("staff", "superuser", "practitioner", "client"))


AT_WORK = frozenset({Role.SUPPORT, Role.MARKETING, Role.STAFF, Role.SUPERUSER})
"""The roles of those who work for the platform."""


def roles_of(granted: Iterable[str] = (), *, practitioner: bool, staff: bool, superuser: bool) -> list[Role]:
    """The roles in a stable order; a superuser is staff too."""
    of_columns = {Role.PRACTITIONER: practitioner, Role.STAFF: staff or superuser, Role.SUPERUSER: superuser}
    held = {Role.USER, *granted, *(role for role, has in of_columns.items() if has)}
    return [role for role in Role if role in held]
