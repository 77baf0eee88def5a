"""Bodies about accounts."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from services.identity.accounts.models import User
from services.identity.accounts.profile import Locale, Phone, Preferences
from services.identity.consents.schemas import Agreement
from shared.auth.permissions import Role
from shared.internal.identity import InternalUser
from shared.records.text import Name
from shared.records.times import ZoneName, whole_text
from shared.web.bodies import UNCHANGED
from shared.web.emails import Email, email_address
from shared.web.http import Body, LongText, Text, UtcTime, View


def _as_registered(value: str) -> str:
    try:
        return email_address(value)
    except ValueError:
        return value


TypedEmail = Annotated[Text, StringConstraints(max_length=254), AfterValidator(_as_registered)]
"""An address at sign-in, as an account would have it; what could not be one stays as it was typed."""
NewPassword = Annotated[str, StringConstraints(min_length=8, max_length=128), AfterValidator(whole_text)]


class Registration(Body):
    """A new account; the password is 8 to 128 characters of any kind."""

    email: Email
    password: NewPassword
    first_name: Name
    last_name: Name
    timezone: ZoneName | None = None
    phone: Phone | None = None
    locale: Locale | None = None
    consents: Annotated[list[Agreement], Field(max_length=50)] = Field(default_factory=list)


class UserChange(Body):
    """What the account's owner may change: what is left out stays, null empties; names cannot be empty.

    `preferences` are an app's own, merged by key: a key that is null goes.
    """

    first_name: Name = UNCHANGED
    last_name: Name = UNCHANGED
    timezone: ZoneName | None = None
    phone: Phone | None = None
    bio: Annotated[LongText, StringConstraints(max_length=2000)] | None = None
    location: Annotated[Text, StringConstraints(max_length=200)] | None = None
    locale: Locale | None = None
    preferences: Preferences | None = None


class Account(View):
    """What each view of an account begins with."""

    id: UUID
    email: str
    first_name: str
    last_name: str
    roles: list[Role]
    practitioner_id: UUID | None


class UserView(Account):
    """The account as its owner sees it: what they said of themselves, and how it can be signed in to."""

    is_verified: bool
    timezone: str | None
    phone: str | None
    bio: str | None
    location: str | None
    locale: str | None
    preferences: dict[str, Any]
    status: Literal["active", "suspended", "deactivated"]
    has_password: bool
    mfa_enabled: bool
    providers: list[str] = Field(default_factory=list)
    pending_consents: list[str] = Field(default_factory=list)
    created_at: UtcTime


def internal_user(user: User) -> InternalUser:
    """The account as other services see it."""
    return InternalUser.showing(user, user_id=user.id)
