"""Events of identity: accounts, and sign-in sessions that were revoked."""

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
    """The account as it is now, after a change of any of these fields. `timezone` as in UserRegistered."""

    schema_version: ClassVar[int] = 2

    email: Annotated[str, Personal]
    first_name: Annotated[str, Personal]
    last_name: Annotated[str, Personal]
    timezone: Annotated[str | None, Personal]


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

    `reason`: `logout`, `refresh_reused`, `deactivated`, `role_taken`.
    """

    session_id: UUID
    reason: str


class UserDeactivated(IdentityEvent):
    """The account was closed: it cannot be signed in to, and every service removes its name.

    `erased`: the person asked for erasure, so every service removes what they wrote too.
    """

    erased: bool
