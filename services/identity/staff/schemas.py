"""Bodies of staff's acts on accounts."""

from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from shared.auth.permissions import Role
from shared.web.http import Body, LongText, UtcTime, View


class Deactivation(Body):
    """`erase`: the person asked for erasure, which begins once nothing of theirs is open any more."""

    reason: Annotated[LongText, StringConstraints(min_length=1, max_length=1000)] | None = None
    erase: bool = False


class RoleView(View):
    """A role with its scopes: what an account with that role may do at most."""

    role: Role
    scopes: list[str]


class DeactivatedUser(View):
    """The account that has ended."""

    id: UUID
    deactivated_at: UtcTime
