"""Disputes of card payments, and what holds earnings back."""

from shared.database.migrate import execute_all

revision = "payments_0009"
down_revision = "payments_0008"
branch_labels = None
depends_on = None

TABLES = [
    """
    create table payments.chargebacks (
        id text constraint pk_chargebacks primary key,
        order_id uuid not null constraint fk_chargebacks_order_id references payments.orders (id),
        currency varchar(3) not null,
        amount bigint not null constraint ck_chargebacks_amount check (amount >= 0),
        reason text not null,
        status varchar(32) not null constraint ck_chargebacks_status
            check (status in ('warning_needs_response', 'warning_under_review', 'warning_closed', 'needs_response',
                'under_review', 'won', 'lost', 'prevented')),
        created_at timestamptz not null
    )
    """,
    "create index ix_chargebacks_order_id on payments.chargebacks (order_id)",
    """
    create table payments.earning_holds (
        earning_id uuid not null constraint fk_earning_holds_earning_id references payments.earnings (id),
        cause varchar(32) not null constraint ck_earning_holds_cause check (cause in ('chargeback')),
        created_at timestamptz not null,
        constraint pk_earning_holds primary key (earning_id, cause)
    )
    """,
]


def upgrade() -> None:
    """Creates the tables."""
    execute_all(TABLES)
