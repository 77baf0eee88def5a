"""Bodies about accounts."""

from typing import Annotated
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, StringConstraints

from services.identity.accounts.models import User
from shared.auth.permissions import Role
from shared.internal.identity import InternalUser
from shared.records.text import Name
from shared.records.times import ZoneName, whole_text
from shared.web.http import Body, Text, View


def _email(value: str) -> str:
    # Mail programs read `=?utf-8?q?ada?=` as `ada`: the mail would go to another address.
    if "=?" in value:
        raise ValueError("An address cannot contain =?")
    try:
        # `test_environment` admits the reserved domain `.test`, which demos and trials use.
        return validate_email(value, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise ValueError(str(error)) from None


Email = Annotated[Text, StringConstraints(max_length=254), AfterValidator(_email)]
NewPassword = Annotated[str, StringConstraints(min_length=8, max_length=128), AfterValidator(whole_text)]


class Registration(Body):
    """A new account; the password is 8 to 128 characters of any kind."""

    email: Email
    password: NewPassword
    first_name: Name
    last_name: Name
    timezone: ZoneName | None = None


class UserChange(Body):
    """What the account's owner may change; what is left out or null stays."""

    first_name: Name | None = None
    last_name: Name | None = None
    timezone: ZoneName | None = None


class UserView(View):
    """The account as its owner sees it."""

    id: UUID
    email: str
    first_name: str
    last_name: str
    roles: list[Role]
    practitioner_id: UUID | None
    is_verified: bool


def internal_user(user: User) -> InternalUser:
    """The account as other services see it."""
    return InternalUser(
        user_id=user.id,
        email=user.email,
        first_name=user.first_name,
        last_name=user.last_name,
        timezone=user.timezone,
        roles=list(user.roles),
        practitioner_id=user.practitioner_id,
    )
