"""Events of identity: accounts, sign-in sessions that were revoked, consents, mails that are to be sent."""

from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from shared.events.base import Event, Personal


class IdentityEvent(Event):
    """An event about one account; ordered per user."""

    topic: ClassVar[str] = "estuary.identity"
    keyed_by: ClassVar[str] = "user_id"

    user_id: UUID


class ProfileEvent(IdentityEvent):
    """An account as it is now."""

    profile_of: ClassVar[str] = "user_id"

    email: Annotated[str, Personal]
    first_name: Annotated[str, Personal]
    last_name: Annotated[str, Personal]


class UserRegistered(ProfileEvent):
    """An account exists. `timezone` is an IANA zone, null until the person names one."""

    schema_version: ClassVar[int] = 2

    timezone: Annotated[str | None, Personal]


class UserRegistered1(ProfileEvent, stored_as="UserRegistered"):
    """An account exists. `timezone` is an IANA zone."""

    timezone: Annotated[str, Personal]

    def current(self) -> UserRegistered:
        """Version 2, with the same zone: whether the person named it is not known."""
        return UserRegistered(**self.model_dump())


class UserUpdated(ProfileEvent):
    """The account as it is now, after a change of any of these fields. `timezone` as in UserRegistered.

    `is_verified`: the person proved the address; null in events from before it was said. `locale` is a BCP 47 tag, null
    until the person names one.
    """

    schema_version: ClassVar[int] = 2

    timezone: Annotated[str | None, Personal]
    is_verified: bool | None = None
    locale: Annotated[str | None, Personal] = None


class UserUpdated1(ProfileEvent, stored_as="UserUpdated"):
    """The account as it is now, after a change of any of these fields."""

    timezone: Annotated[str, Personal]

    def current(self) -> UserUpdated:
        """Version 2, with the same zone."""
        return UserUpdated(**self.model_dump())


class SessionRevoked(IdentityEvent):
    """The tokens of this sign-in session are refused from now on.

    `reason`: `logout`, `refresh_reused`, `deactivated`, `role_taken`, `password_changed`, `email_changed`, `ended`,
    `key_ended`, `suspended`, `revoked`, `code_reused`, `client_removed`, `mfa_reset`.
    """

    session_id: UUID
    reason: str


class UserSuspended(IdentityEvent):
    """Staff suspended the account: it cannot be signed in to, and its practitioner, if it has one, sells nothing."""

    practitioner_id: UUID | None


class UserRestored(IdentityEvent):
    """Staff undid a suspension."""

    practitioner_id: UUID | None


class UserDeactivated(IdentityEvent):
    """The account was closed: it cannot be signed in to, and every service removes its name."""

    schema_version: ClassVar[int] = 2


class UserDeactivated1(IdentityEvent, stored_as="UserDeactivated"):
    """The account was closed. `erased`: the person asked for erasure, which `ErasureRequested` says now."""

    erased: bool

    def current(self) -> UserDeactivated:
        """Version 2. Of accounts that were erased so identity asks for the erasure anew."""
        return UserDeactivated(user_id=self.user_id)


class ConsentRecorded(IdentityEvent):
    """A person decided about a document: `given`, `refused` or `withdrawn`; of several the latest `consent_id` counts.

    With a scope it counts for that practitioner, booking or post alone; `scope_kind` is `practitioner_id`, `booking_id`
    or `post_id`.
    """

    consent_id: UUID
    purpose: str
    version: int
    decision: str
    scope_kind: str | None
    scope_id: UUID | None


class ErasureEvent(IdentityEvent):
    """An event about the erasure of one account."""

    erasure_id: UUID


class ErasureScheduled(ErasureEvent):
    """A person is to be erased at `erases_at` (business time), or once nothing of theirs is open any more."""

    erases_at: datetime


class ErasureCancelled(ErasureEvent):
    """The person stays."""


class ErasureRequested(ErasureEvent):
    """Nothing is open any more: every service erases the person now, and answers with PersonErased.

    `practitioner_id`: that of their profile, if they have one. `forfeit_credits`: bought credits that are left go too.
    """

    overtakes_parked: ClassVar[bool] = True

    practitioner_id: UUID | None
    forfeit_credits: bool


class MailTokenIssued(Event):
    """A mail of that kind is to be sent. Who sends it asks then for address and token, and whether it is still due."""

    topic: ClassVar[str] = "estuary.identity"
    keyed_by: ClassVar[str] = "mail_token_id"

    mail_token_id: UUID
    kind: str
