"""Copies of identity's closed and suspended accounts and of catalog's approvals, alike wherever they are kept."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Index, exists, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from shared.database import projection
from shared.database.session import TIMESTAMPTZ, Session
from shared.events.base import Consumers
from shared.events.catalog import PractitionerVerificationChanged
from shared.events.identity import UserRestored, UserSuspended


class ClosedAccount:
    """The columns of an account that is closed. No row is removed: an account is not opened again."""

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class ApprovalCopy:
    """The columns of whether staff lets a practitioner sell; a lower `version` never replaces a higher one."""

    practitioner_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    is_approved: Mapped[bool]

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Index, ...]:  # noqa: N805  a class method, as SQLAlchemy has it
        """The index that finds who has lost the approval."""
        return (Index("ix_approvals_lost", "practitioner_id", postgresql_where=text("not is_approved")),)


class SuspendedAccount:
    """The columns of an account that is or was suspended; what happened earlier never replaces what happened later."""

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    is_suspended: Mapped[bool]
    changed_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


def suspensions(model: type[SuspendedAccount]) -> Consumers:
    """The consumers that store what staff decided, unless something newer is there."""

    async def put(session: Session, event: UserSuspended | UserRestored) -> None:
        row = {
            "user_id": event.user_id,
            "is_suspended": isinstance(event, UserSuspended),
            "changed_at": event.occurred_at,
        }
        added = insert(model).values(row)
        newer = added.on_conflict_do_update(
            index_elements=["user_id"], set_=row, where=model.changed_at <= event.occurred_at
        )
        await session.execute(newer)

    return {UserSuspended: put, UserRestored: put}


def is_suspended(model: type[SuspendedAccount], user_id: Any) -> ColumnElement[bool]:
    """Whether that id, or the column's, is of a suspended account."""
    return exists().where(model.user_id == user_id, model.is_suspended)


async def close_account(session: Session, model: type[ClosedAccount], user_id: UUID) -> None:
    """Stores that the account is closed; again changes nothing."""
    row = {"user_id": user_id, "created_at": session.now()}
    await session.execute(insert(model).values(row).on_conflict_do_nothing())


async def put_approval(session: Session, model: type[ApprovalCopy], event: PractitionerVerificationChanged) -> None:
    """Stores what staff decided, unless something newer is there."""
    is_approved = event.verification_status == "approved"
    row = {"practitioner_id": event.practitioner_id, "version": event.version, "is_approved": is_approved}
    await projection.put(session, model, row)


def is_closed(model: type[ClosedAccount], user_id: Any) -> ColumnElement[bool]:
    """Whether that id, or the column's, is of a closed account."""
    return exists().where(model.user_id == user_id)


def has_lost_approval(model: type[ApprovalCopy], practitioner_id: Any) -> ColumnElement[bool]:
    """Whether that column names a practitioner whose approval staff took back; not who never had one."""
    return exists().where(model.practitioner_id == practitioner_id, model.is_approved.is_(False))
