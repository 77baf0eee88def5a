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
    """An account exists. `timezone` is an IANA zone."""

    email: Annotated[str, Personal]
    first_name: Annotated[str, Personal]
    last_name: Annotated[str, Personal]
    timezone: str


class UserUpdated(IdentityEvent):
    """The account as it is now, after a change of any of these fields."""

    email: Annotated[str, Personal]
    first_name: Annotated[str, Personal]
    last_name: Annotated[str, Personal]
    timezone: str


class SessionRevoked(IdentityEvent):
    """No token of this session is worth anything from now on. `reason`: `logout`, `refresh_reused`, `deactivated`."""

    session_id: UUID
    reason: str


class UserDeactivated(IdentityEvent):
    """The account is no more: nobody signs in to it, and its name is to be forgotten.

    `erased`: the person asked to be forgotten, so what they wrote is to go as well.
    """

    erased: bool
