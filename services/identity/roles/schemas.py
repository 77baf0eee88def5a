"""Bodies about roles."""

from typing import Annotated

from pydantic import Field, StringConstraints

from services.identity.directory.schemas import Reasoned
from shared.auth.permissions import Role
from shared.web.http import Text, View

RoleName = Annotated[Text, StringConstraints(min_length=1, max_length=40)]
RoleNames = Annotated[list[RoleName], Field(max_length=20)]


class GrantedRoles(Reasoned):
    """All roles that the account is to have of those that the caller may grant; the others it keeps."""

    roles: RoleNames


class RoleView(View):
    """A role with its scopes: what an account with that role may do at most."""

    role: Role
    scopes: list[str]
