"""Tables of customers, their cards, setups, and cards that have to be taken off a customer."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, UniqueConstraint, or_, text
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.base import Base
from services.payments.vault.domain import CardStatus, SetupStatus, status_of_card
from shared.database.session import TIMESTAMPTZ, enum_column
from shared.records.ids import new_id
from shared.work.attempts import Retried

OWNER = "payments.customers.user_id"


class Customer(Retried, Base):
    """A user as Stripe's customer; no id: it is not made yet, or the answer was lost. Who changes its cards locks it.

    `attempt` numbers the keys with which it is asked for. `leaving`: the user is erased, so that Stripe's customer is
    deleted, and then the row.
    """

    __tablename__ = "customers"
    __table_args__ = (
        Index(
            "ix_customers_waiting",
            "next_try_at",
            postgresql_where=text("leaving or stripe_customer_id is null"),
        ),
    )

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    stripe_customer_id: Mapped[str | None] = mapped_column(unique=True)
    attempt: Mapped[int]
    leaving: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """Those of which something is to be done at Stripe."""
        return or_(cls.leaving, cls.stripe_customer_id.is_(None))


class PaymentMethod(Base):
    """A saved card. Saved again it keeps its id, and `stripe_id` names Stripe's newest object of it."""

    __tablename__ = "payment_methods"
    __table_args__ = (
        UniqueConstraint("user_id", "fingerprint"),
        Index("uq_payment_methods_default", "user_id", unique=True, postgresql_where=text("is_default")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey(OWNER))
    stripe_id: Mapped[str] = mapped_column(unique=True)
    fingerprint: Mapped[str]
    brand: Mapped[str]
    last4: Mapped[str]
    exp_month: Mapped[int] = mapped_column(CheckConstraint("exp_month between 1 and 12", "exp_month"))
    exp_year: Mapped[int]
    is_default: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)

    def status_at(self, now: datetime) -> CardStatus:
        """Whether it is expired at that business time."""
        return status_of_card(self.exp_year, self.exp_month, now)

    def is_valid(self, now: datetime) -> bool:
        """Whether it can still be charged, as far as its date says."""
        return self.status_at(now) is CardStatus.VALID


class Setup(Retried, Base):
    """One try to save a card; its id is the key of the call to Stripe. What is tried again is the look at Stripe.

    No `stripe_setup_id`: the answer is not known. `method_id` is the card that came of it.
    """

    __tablename__ = "setups"
    __table_args__ = (
        Index("ix_setups_waiting", "next_try_at", postgresql_where=text("next_try_at is not null")),
        Index("ix_setups_user_id", "user_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey(OWNER))
    stripe_setup_id: Mapped[str | None] = mapped_column(unique=True)
    payment_method: Mapped[str | None]
    client_secret: Mapped[str | None]
    status: Mapped[SetupStatus] = mapped_column(enum_column(SetupStatus))
    method_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """Those that may still save a card."""
        return cls.next_try_at.is_not(None)


class Detachment(Retried, Base):
    """One of Stripe's objects of a card that its owner has no more; a late event about it does not bring it back."""

    __tablename__ = "detachments"
    __table_args__ = (
        Index("ix_detachments_user_id", "user_id"),
        Index("ix_detachments_waiting", "next_try_at", postgresql_where=text("detached_at is null")),
    )

    stripe_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey(OWNER))
    detached_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """Those that Stripe's customer may still have."""
        return cls.detached_at.is_(None)
