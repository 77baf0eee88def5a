"""Bodies of identity's requests and answers."""

from typing import Annotated, Literal
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field, StringConstraints

from services.identity.domain import Role
from shared.records.text import Name
from shared.records.times import ZoneName, whole_text
from shared.web.http import Body, LongText, Text, UtcTime, View


def _email(value: str) -> str:
    try:
        # `test_environment` admits the reserved domain `.test`, which demos and trials use.
        return validate_email(value, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise ValueError(str(error)) from None


Email = Annotated[Text, StringConstraints(max_length=254), AfterValidator(_email)]
NewPassword = Annotated[str, StringConstraints(min_length=8, max_length=128), AfterValidator(whole_text)]
Opaque = Annotated[Text, StringConstraints(min_length=1, max_length=4096)]


class Registration(Body):
    """A new account; the password is 8 to 128 characters of any kind."""

    email: Email
    password: NewPassword
    first_name: Name
    last_name: Name
    timezone: ZoneName | None = None


class Credentials(Body):
    """A sign-in. What could not be an address or a password of ours is simply wrong, not malformed."""

    email: Annotated[Text, StringConstraints(max_length=254)]
    password: Annotated[str, StringConstraints(max_length=128)]


class Refresh(Body):
    """The refresh token of the pair that was issued last."""

    refresh_token: Opaque


class Logout(Body):
    """The session to end, by its refresh token; the access token's session ends as well."""

    refresh_token: Opaque | None = None


class UserChange(Body):
    """What the account's owner may change; what is left out or null stays."""

    first_name: Name | None = None
    last_name: Name | None = None
    timezone: ZoneName | None = None


class Deactivation(Body):
    """`erase`: the person asked to be forgotten, so name, address and what they wrote go as well."""

    reason: Annotated[LongText, StringConstraints(min_length=1, max_length=1000)] | None = None
    erase: bool = False


class UserView(View):
    """The account as its owner sees it."""

    id: UUID
    email: str
    first_name: str
    last_name: str
    roles: list[Role]
    practitioner_id: UUID | None
    is_verified: bool


class TokenPair(View):
    """A fresh pair; `expires_in` is the access token's life in seconds."""

    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"] = "Bearer"
    expires_in: int
    user: UserView


class InternalUser(View):
    """The account as other services see it."""

    user_id: UUID = Field(validation_alias="id")
    email: str
    first_name: str
    last_name: str
    timezone: str | None
    roles: list[Role]
    practitioner_id: UUID | None


class DeactivatedUser(View):
    """The account that is no more."""

    id: UUID
    deactivated_at: UtcTime


class StaffView(View):
    """Who is staff now."""

    user_ids: list[UUID]


class RevokedSessions(View):
    """Sessions that ended within the life of an access token, or after the moment asked about; `until` is the next."""

    session_ids: list[UUID]
    until: UtcTime


class KeySet(View):
    """The public keys of RFC 7517, those about to sign and those lately retired included."""

    keys: list[dict[str, str]]
