"""What is refused about roles."""

from shared.errors import Invalid


class RoleNotSettable(Invalid):
    """No such role, one that nobody grants, or one that only superusers grant."""

    code, detail = "role_not_settable", "You cannot grant this role."
