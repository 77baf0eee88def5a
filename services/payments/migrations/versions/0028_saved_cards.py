"""Customers at Stripe, their saved cards, and the setups by which cards are saved."""

from shared.database.migrate import execute_all

revision = "payments_0028"
down_revision = "payments_0027"
branch_labels = None
depends_on = None

TABLES = [
    """
    create table payments.customers (
        user_id uuid constraint pk_customers primary key,
        stripe_customer_id varchar constraint uq_customers_stripe_customer_id unique,
        attempt integer not null,
        leaving boolean not null,
        created_at timestamptz not null,
        tries integer not null,
        next_try_at timestamptz,
        last_error text
    )
    """,
    """
    create index ix_customers_waiting on payments.customers (next_try_at)
        where leaving or stripe_customer_id is null
    """,
    """
    create table payments.payment_methods (
        id uuid constraint pk_payment_methods primary key,
        user_id uuid not null constraint fk_payment_methods_user_id references payments.customers (user_id),
        stripe_id varchar not null constraint uq_payment_methods_stripe_id unique,
        fingerprint varchar not null,
        brand varchar not null,
        last4 varchar not null,
        exp_month integer not null constraint ck_payment_methods_exp_month check (exp_month between 1 and 12),
        exp_year integer not null,
        is_default boolean not null,
        created_at timestamptz not null,
        constraint uq_payment_methods_user_id_fingerprint unique (user_id, fingerprint)
    )
    """,
    "create unique index uq_payment_methods_default on payments.payment_methods (user_id) where is_default",
    """
    create table payments.setups (
        id uuid constraint pk_setups primary key,
        user_id uuid not null constraint fk_setups_user_id references payments.customers (user_id),
        stripe_setup_id varchar constraint uq_setups_stripe_setup_id unique,
        payment_method varchar,
        client_secret varchar,
        status varchar(32) not null constraint ck_setups_status
            check (status in ('requires_payment_method', 'requires_action', 'succeeded', 'failed')),
        method_id uuid,
        created_at timestamptz not null,
        tries integer not null,
        next_try_at timestamptz,
        last_error text
    )
    """,
    "create index ix_setups_user_id on payments.setups (user_id)",
    "create index ix_setups_waiting on payments.setups (next_try_at) where next_try_at is not null",
    """
    create table payments.detachments (
        stripe_id varchar constraint pk_detachments primary key,
        user_id uuid not null constraint fk_detachments_user_id references payments.customers (user_id),
        detached_at timestamptz,
        created_at timestamptz not null,
        tries integer not null,
        next_try_at timestamptz,
        last_error text
    )
    """,
    "create index ix_detachments_user_id on payments.detachments (user_id)",
    "create index ix_detachments_waiting on payments.detachments (next_try_at) where detached_at is null",
]


def upgrade() -> None:
    """Nobody has saved a card yet."""
    execute_all(TABLES)
