"""Rules of accounts."""

from shared.auth.permissions import Role

DEMO_ACCOUNTS = tuple(f"{name}@estuary.example" for name in ("staff", "superuser", "practitioner", "client"))


def roles_of(*, practitioner: bool, staff: bool, superuser: bool) -> list[Role]:
    """The roles in a stable order; a superuser is staff too."""
    held = [(Role.PRACTITIONER, practitioner), (Role.STAFF, staff or superuser), (Role.SUPERUSER, superuser)]
    return [Role.USER, *(role for role, has in held if has)]
