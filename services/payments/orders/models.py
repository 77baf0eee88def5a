"""Tables of orders, their lines, and the tries to pay them."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, TypedDict
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Numeric,
    String,
    UniqueConstraint,
    or_,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.base import Base
from services.payments.orders.domain import (
    TIME_AT_BANK,
    UNPAID,
    Capture,
    Chargebacked,
    OrderKind,
    OrderStatus,
    Outcome,
    Release,
    ReleasedOn,
    Saving,
    Sold,
)
from services.payments.stripe.domain import IntentStatus
from shared.database.session import TIMESTAMPTZ, enum_column
from shared.records.money import Money
from shared.work.attempts import Retried


class Order(Retried, Base):
    """What one client owes for its lines. Amounts are minor units of `currency`.

    `booking_id`, `practitioner_id` and `subject_id` are those of all its lines, else None; `service_id` is no longer
    written. total = credits_applied + amount_due (the card's part); `discount` is what the platform pays of the price
    beside that. `closing_at` is set while the intent is being cancelled; `watched` says that the intent may still
    change, `check_at` (machine time) when to ask Stripe at the latest; what is tried again is that question, and the
    closing.
    `asked_at` (business time) is when the client's bank last asked for them, `next_action_url` where it waits for them;
    `card_error` is why the intent's last try was refused.
    `saves_card`: a try has asked that the intent saves its card; `stripe_customer_id`: whose intent it is at Stripe.
    `refunded_*` is what refunds took of the sale, failed ones too; `disputed` what clients' banks have asked back and
    have not given up.
    """

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint(
            "(refunded_card between 0 and amount_due) and (refunded_credits between 0 and credits_applied)", "refunded"
        ),
        CheckConstraint(
            "credits_applied >= 0 and amount_due >= 0 and (total = (credits_applied + amount_due))", "tenders"
        ),
        CheckConstraint("(paid_at is not null) = (status in ('paid', 'paid_late'))", "paid_at"),
        Index("ix_orders_charge_id", "charge_id", postgresql_where=text("charge_id is not null")),
        Index("ix_orders_client_id_created_at", "client_id", "created_at"),
        Index("ix_orders_paid_at", "paid_at", postgresql_where=text("status = 'paid'")),
        Index("ix_orders_paid_late", "id", postgresql_where=text("status = 'paid_late'")),
        Index("ix_orders_unpaid", "expires_at", postgresql_where=text("status in ('open', 'authorized')")),
        Index("ix_orders_watched", "check_at", postgresql_where=text("watched")),
        Index("uq_orders_intent_id", "intent_id", unique=True, postgresql_where=text("intent_id is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[OrderKind] = mapped_column(enum_column(OrderKind))
    booking_id: Mapped[UUID | None]
    client_id: Mapped[UUID]
    practitioner_id: Mapped[UUID | None]
    subject_id: Mapped[UUID | None]
    service_id: Mapped[UUID | None]
    title: Mapped[str]
    currency: Mapped[str] = mapped_column(String(3))
    total: Mapped[int] = mapped_column(BigInteger)
    discount: Mapped[int] = mapped_column(BigInteger, CheckConstraint("discount >= 0", "discount"), server_default="0")
    credits_applied: Mapped[int] = mapped_column(BigInteger)
    amount_due: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[OrderStatus] = mapped_column(enum_column(OrderStatus))
    capture: Mapped[Capture] = mapped_column(enum_column(Capture))
    capture_before: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    intent_id: Mapped[str | None]
    intent_status: Mapped[IntentStatus | None] = mapped_column(enum_column(IntentStatus, checked=False))
    client_secret: Mapped[str | None]
    stripe_customer_id: Mapped[str | None]
    saving: Mapped[Saving] = mapped_column(enum_column(Saving))
    saves_card: Mapped[bool]
    charge_id: Mapped[str | None]
    asked_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    last_failure: Mapped[str | None]
    card_error: Mapped[dict[str, str | None] | None] = mapped_column(JSONB(none_as_null=True))
    next_action_url: Mapped[str | None]
    refunded_card: Mapped[int] = mapped_column(BigInteger)
    refunded_credits: Mapped[int] = mapped_column(BigInteger)
    disputed: Mapped[int] = mapped_column(BigInteger, CheckConstraint("disputed >= 0", "disputed"))
    chargeback: Mapped[Chargebacked | None] = mapped_column(enum_column(Chargebacked))
    attempts: Mapped[int]
    cancel_attempts: Mapped[int]
    watched: Mapped[bool]
    closing_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    close_reason: Mapped[str | None]
    expires_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    paid_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    check_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """Those that have to be closed, or of which Stripe has to be asked."""
        return or_(cls.status.in_(UNPAID), cls.watched)

    @property
    def due(self) -> Money:
        """What a card has to pay, or has paid."""
        return Money(self.amount_due, self.currency)

    @property
    def ids(self) -> "OrderIds":
        """For the events about it."""
        return {"order_id": self.id, "booking_id": self.booking_id, "client_id": self.client_id}

    @property
    def subject(self) -> "OrderSubject":
        """For those of its events that say what it is about."""
        return {"kind": self.kind.value, "subject_id": self.subject_id}

    @property
    def payable(self) -> bool:
        """Open, and nobody is closing it; whether its time is over is another question."""
        return self.status is OrderStatus.OPEN and self.closing_at is None

    @property
    def awaited(self) -> bool:
        """As `payable`, or authorised and not captured: its money may still come, and nobody is closing it."""
        return self.status in UNPAID and self.closing_at is None

    def is_at_bank(self, now: datetime) -> bool:
        """Whether its client is on their bank's page at that business time: another try would take the page away."""
        if self.intent_status is not IntentStatus.REQUIRES_ACTION or self.asked_at is None:
            return False
        return now < self.asked_at + TIME_AT_BANK

    @property
    def spent(self) -> Money:
        """What of it credits pay, or have paid."""
        return Money(self.credits_applied, self.currency)

    @property
    def refunded(self) -> int:
        """Minor units that refunds took of the sale, by card and by credits."""
        return self.refunded_card + self.refunded_credits

    @property
    def price(self) -> int:
        """What was sold, in minor units, whoever pays it."""
        return self.total + self.discount

    @property
    def received(self) -> int:
        """Minor units of the price that are really there: by card, by credits, and by the platform."""
        return self.card_paid + self.credits_spent + (self.discount if self.status is OrderStatus.PAID else 0)

    @property
    def credits_spent(self) -> int:
        """Minor units of credits that the platform really has: none before payment, none while it was paid late."""
        return self.credits_applied if self.status is OrderStatus.PAID else 0

    @property
    def card_paid(self) -> int:
        """Minor units that a card has really paid."""
        return self.amount_due if self.status in (OrderStatus.PAID, OrderStatus.PAID_LATE) else 0


class OrderIds(TypedDict):
    """What every event about an order names."""

    order_id: UUID
    booking_id: UUID | None
    client_id: UUID


class OrderSubject(TypedDict):
    """What an order is about."""

    kind: str
    subject_id: UUID | None


class OrderLine(Base):
    """What was sold, with its terms of that moment: frozen, so that a refund reverses the same share.

    `position` is its place in the order. `gross` is below zero for what the platform credits. `refunded` is what
    refunds took of it, failed ones too; `funded` is what the platform pays of its price beside `gross`, `unfunded` what
    of that went back to it. From `earned_at` on its money is earned; `ended_at` says that it ended before. `releases`
    are pairs of percent and event; `hold_hours` is the hold period after payment.
    """

    __tablename__ = "order_lines"
    __table_args__ = (
        CheckConstraint("refunded between least(gross, 0) and greatest(gross, 0)", "refunded"),
        CheckConstraint("gross >= 0 or practitioner_id is null", "gross"),
        CheckConstraint("unfunded between 0 and funded", "unfunded"),
        CheckConstraint("position >= 0", "position"),
        Index("ix_order_lines_practitioner_id", "practitioner_id"),
        UniqueConstraint("order_id", "position"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("payments.orders.id"))
    position: Mapped[int]
    practitioner_id: Mapped[UUID | None]
    booking_id: Mapped[UUID | None]
    pass_session_id: Mapped[UUID | None]
    subject_id: Mapped[UUID | None]
    description: Mapped[str]
    gross: Mapped[int] = mapped_column(BigInteger)
    refunded: Mapped[int] = mapped_column(BigInteger)
    funded: Mapped[int] = mapped_column(BigInteger, server_default="0")
    unfunded: Mapped[int] = mapped_column(BigInteger, server_default="0")
    commission_rate: Mapped[Decimal] = mapped_column(
        Numeric(5, 4), CheckConstraint("commission_rate between 0 and 1", "commission_rate")
    )
    releases: Mapped[list[tuple[int, str]]] = mapped_column(JSONB)
    hold_hours: Mapped[int]
    earned_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    ended_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)

    @property
    def left(self) -> int:
        """What of it no refund has taken, in minor units."""
        return self.gross - self.refunded

    @property
    def worth(self) -> int:
        """What its practitioner earns from, in minor units: its price, whoever pays it."""
        return self.gross + self.funded

    @property
    def gone(self) -> int:
        """What of its worth went back, to the client and to the platform."""
        return self.refunded + self.unfunded

    @property
    def sold(self) -> Sold:
        """What it sells, to compare with what somebody asks for."""
        subjects = self.practitioner_id, self.pass_session_id, self.subject_id
        return Sold(self.booking_id or self.id, *subjects, self.gross, self.funded, tuple(self.parts))

    @property
    def parts(self) -> list[Release]:
        """When its money is released."""
        return [Release(percent, ReleasedOn(on)) for percent, on in self.releases]


class EarnedLine(NamedTuple):
    """A line that has just earned, and whether anything holds what it did."""

    line: OrderLine
    is_held: bool


class Taken(NamedTuple):
    """What a refund takes of a line, in minor units."""

    line: OrderLine
    amount: int


class PaymentAttempt(Base):
    """One try with one card; its id is the key of the call to Stripe. No outcome: the call's answer is not known."""

    __tablename__ = "payment_attempts"
    __table_args__ = (UniqueConstraint("order_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("payments.orders.id"))
    number: Mapped[int]
    payment_method: Mapped[str]
    outcome: Mapped[Outcome | None] = mapped_column(enum_column(Outcome))
    code: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
