"""What identity tells the others: accounts and ended sessions."""

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
    """No token of this session is worth anything from now on.

    `reason`: `logout`, `refresh_reused`, `deactivated`, `role_taken`.
    """

    session_id: UUID
    reason: str


class UserDeactivated(IdentityEvent):
    """The account is no more: nobody signs in to it, and its name is to be forgotten.

    `erased`: the person asked to be forgotten, so what they wrote is to go as well.
    """

    erased: bool
