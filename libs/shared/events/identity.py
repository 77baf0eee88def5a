"""Events of identity: accounts, sign-in sessions that were revoked, consents, mails that are to be sent."""

from typing import Annotated, ClassVar
from uuid import UUID

from shared.events.base import Event, Personal


class IdentityEvent(Event):
    """An event about one account; ordered per user."""

    topic: ClassVar[str] = "estuary.identity"

    user_id: UUID

    @property
    def key(self) -> UUID:
        """Events of one user keep their order."""
        return self.user_id


class UserRegistered(IdentityEvent):
    """An account exists. `timezone` is an IANA zone, null until the person names one."""

    schema_version: ClassVar[int] = 2

    email: Annotated[str, Personal]
    first_name: Annotated[str, Personal]
    last_name: Annotated[str, Personal]
    timezone: Annotated[str | None, Personal]


class UserRegistered1(IdentityEvent, stored_as="UserRegistered"):
    """An account exists. `timezone` is an IANA zone."""

    email: Annotated[str, Personal]
    first_name: Annotated[str, Personal]
    last_name: Annotated[str, Personal]
    timezone: Annotated[str, Personal]

    def current(self) -> UserRegistered:
        """Version 2, with the same zone: whether the person named it is not known."""
        return UserRegistered(**self.model_dump())


class UserUpdated(IdentityEvent):
    """The account as it is now, after a change of any of these fields. `timezone` as in UserRegistered.

    `is_verified`: the person proved the address; null in events from before it was said. `locale` is a BCP 47 tag, null
    until the person names one.
    """

    schema_version: ClassVar[int] = 2

    email: Annotated[str, Personal]
    first_name: Annotated[str, Personal]
    last_name: Annotated[str, Personal]
    timezone: Annotated[str | None, Personal]
    is_verified: bool | None = None
    locale: Annotated[str | None, Personal] = None


class UserUpdated1(IdentityEvent, stored_as="UserUpdated"):
    """The account as it is now, after a change of any of these fields."""

    email: Annotated[str, Personal]
    first_name: Annotated[str, Personal]
    last_name: Annotated[str, Personal]
    timezone: Annotated[str, Personal]

    def current(self) -> UserUpdated:
        """Version 2, with the same zone."""
        return UserUpdated(**self.model_dump())


class SessionRevoked(IdentityEvent):
    """The tokens of this sign-in session are refused from now on.

    `reason`: `logout`, `refresh_reused`, `deactivated`, `role_taken`, `password_changed`, `email_changed`, `ended`.
    """

    session_id: UUID
    reason: str


class UserDeactivated(IdentityEvent):
    """The account was closed: it cannot be signed in to, and every service removes its name.

    `erased`: the person asked for erasure, so every service removes what they wrote too.
    """

    erased: bool


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


class MailTokenIssued(Event):
    """A mail of that kind is to be sent. Who sends it asks then for address and token, and whether it is still due."""

    topic: ClassVar[str] = "estuary.identity"

    mail_token_id: UUID
    kind: str

    @property
    def key(self) -> UUID:
        """Mails are sent in no order."""
        return self.mail_token_id
