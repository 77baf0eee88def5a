"""The table of accounts."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, String, Text
from sqlalchemy.dialects.postgresql import CITEXT, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.accounts.domain import AT_WORK, roles_of
from services.identity.base import Base
from shared.auth.permissions import Role
from shared.database.session import TIMESTAMPTZ
from shared.records.ids import new_id


class User(Base):
    """An account. `created_at`, `updated_at`, `suspended_at` and `deactivated_at` are business time.

    `practitioner_version` is the version of the last event about the practitioner that was taken in. `second_factors`
    are those that a sign-in asks for, none while they are off; `providers` those by which it can be signed in to;
    `granted_roles` are those of partners, support and marketing.
    """

    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(CITEXT, CheckConstraint("length(email) between 3 and 254", "email"), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    first_name: Mapped[str] = mapped_column(String(100))
    last_name: Mapped[str] = mapped_column(String(100))
    timezone: Mapped[str | None] = mapped_column(String(64))
    phone: Mapped[str | None] = mapped_column(String(16))
    bio: Mapped[str | None] = mapped_column(Text)
    location: Mapped[str | None] = mapped_column(String(200))
    locale: Mapped[str | None] = mapped_column(String(35))
    preferences: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    is_verified: Mapped[bool] = mapped_column(default=False)
    providers: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    second_factors: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    is_staff: Mapped[bool] = mapped_column(default=False)
    is_superuser: Mapped[bool] = mapped_column(default=False)
    granted_roles: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    practitioner_id: Mapped[UUID | None] = mapped_column(unique=True)
    practitioner_version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    updated_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    suspended_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    deactivated_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)

    @property
    def roles(self) -> list[Role]:
        """The roles of now; a token carries those of its issue."""
        practitioner = self.practitioner_id is not None
        return roles_of(self.granted_roles, practitioner=practitioner, staff=self.is_staff, superuser=self.is_superuser)

    @property
    def is_staff_member(self) -> bool:
        """Staff or superuser."""
        return self.is_staff or self.is_superuser

    @property
    def works_here(self) -> bool:
        """Whether the account has a role of those who work for the platform."""
        return not AT_WORK.isdisjoint(self.roles)

    @property
    def status(self) -> Literal["active", "suspended", "deactivated"]:
        """Whether the account is in use."""
        if self.deactivated_at is not None:
            return "deactivated"
        return "active" if self.suspended_at is None else "suspended"

    @property
    def mfa_enabled(self) -> bool:
        """Whether a sign-in asks for a second factor."""
        return bool(self.second_factors)

    @property
    def has_password(self) -> bool:
        """Whether it can be signed in to by password; without one a reset sets it."""
        return self.password_hash != ""

    def release_address(self) -> None:
        """Another account has proven the address: this one has none any more at which anybody could be reached."""
        self.email = f"{self.id}@released.invalid"

    @property
    def is_erased(self) -> bool:
        """Whether nothing of the person is left."""
        return self.email == erased_address(self.id)


def erased_address(user_id: UUID) -> str:
    """What takes the place of an erased account's address."""
    return f"{user_id}@erased.invalid"
