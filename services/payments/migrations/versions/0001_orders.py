"""Orders, credits and Stripe's webhooks."""

from shared.database.migrate import create_system_tables, execute_all

revision = "payments_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the system tables and those of orders, credits and webhooks."""
    create_system_tables("payments")
    execute_all(ORDERS)
    execute_all(CREDITS)
    execute_all(WEBHOOKS)


ORDERS = [
    """
    create table payments.orders (
        id uuid primary key,
        kind varchar(32) not null constraint ck_orders_kind check (kind in ('booking', 'credits', 'tombstone')),
        booking_id uuid,
        client_id uuid not null,
        practitioner_id uuid,
        service_id uuid,
        title text not null,
        currency varchar(3) not null,
        total bigint not null,
        credits_applied bigint not null,
        amount_due bigint not null,
        status varchar(32) not null
            constraint ck_orders_status check (status in ('open', 'paid', 'cancelled', 'paid_late')),
        intent_id text,
        intent_status varchar(32),
        client_secret text,
        charge_id text,
        last_failure text,
        attempts integer not null,
        cancel_attempts integer not null,
        watched boolean not null,
        closing_at timestamptz,
        close_reason text,
        expires_at timestamptz not null,
        paid_at timestamptz,
        created_at timestamptz not null,
        check_at timestamptz not null,
        constraint ck_orders_tenders
            check (credits_applied >= 0 and amount_due >= 0 and total = credits_applied + amount_due),
        constraint ck_orders_paid_at check ((paid_at is not null) = (status in ('paid', 'paid_late')))
    ) with (fillfactor = 80)
    """,
    "create unique index uq_orders_intent_id on payments.orders (intent_id) where intent_id is not null",
    "create index ix_orders_client_id_created_at on payments.orders (client_id, created_at)",
    "create index ix_orders_watched on payments.orders (check_at) where watched",
    "create index ix_orders_purchases on payments.orders (expires_at) where status = 'open' and kind = 'credits'",
    """
    create table payments.order_lines (
        id uuid primary key,
        order_id uuid not null references payments.orders (id),
        description text not null,
        gross bigint not null check (gross >= 0),
        commission_rate numeric(5, 4) not null check (commission_rate between 0 and 1),
        created_at timestamptz not null
    )
    """,
    "create index ix_order_lines_order_id on payments.order_lines (order_id)",
    """
    create table payments.payment_attempts (
        id uuid primary key,
        order_id uuid not null references payments.orders (id),
        number integer not null,
        payment_method text not null,
        outcome varchar(32)
            constraint ck_payment_attempts_outcome
            check (outcome in ('succeeded', 'processing', 'requires_action', 'failed')),
        code text,
        created_at timestamptz not null,
        constraint uq_payment_attempts_order_id_number unique (order_id, number)
    )
    """,
]

CREDITS = [
    """
    create table payments.credit_wallets (
        user_id uuid primary key,
        created_at timestamptz not null
    )
    """,
    """
    create table payments.credit_grants (
        id uuid primary key,
        user_id uuid not null references payments.credit_wallets (user_id),
        currency varchar(3) not null,
        source varchar(32) not null
            constraint ck_credit_grants_source check (source in ('purchase', 'promotion', 'transfer')),
        amount bigint not null check (amount > 0),
        remaining bigint not null,
        priority integer not null,
        expires_at timestamptz,
        order_id uuid,
        created_at timestamptz not null,
        constraint ck_credit_grants_remaining check (remaining between 0 and amount)
    )
    """,
    "create index ix_credit_grants_user_id on payments.credit_grants (user_id) where remaining > 0",
    "create index ix_credit_grants_expires_at on payments.credit_grants (expires_at) where remaining > 0",
    """
    create table payments.credit_uses (
        id uuid primary key,
        order_id uuid not null,
        user_id uuid not null,
        grant_id uuid not null references payments.credit_grants (id),
        currency varchar(3) not null,
        place integer not null,
        amount bigint not null check (amount > 0),
        restored bigint not null,
        state varchar(32) not null
            constraint ck_credit_uses_state check (state in ('held', 'captured', 'released')),
        created_at timestamptz not null,
        constraint ck_credit_uses_restored check (restored between 0 and amount),
        constraint ck_credit_uses_restored_captured check (restored = 0 or state = 'captured')
    )
    """,
    "create index ix_credit_uses_order_id on payments.credit_uses (order_id)",
    "create index ix_credit_uses_held on payments.credit_uses (user_id) where state = 'held'",
    """
    create table payments.credit_entries (
        id uuid primary key,
        user_id uuid not null,
        currency varchar(3) not null,
        kind varchar(32) not null
            constraint ck_credit_entries_kind check (kind in ('purchased', 'granted', 'spent', 'refunded', 'expired',
                'transferred_out', 'transferred_in')),
        amount bigint not null,
        order_id uuid,
        created_at timestamptz not null
    )
    """,
    "create index ix_credit_entries_user_id on payments.credit_entries (user_id, created_at)",
]

WEBHOOKS = [
    """
    create table payments.stripe_events (
        id text primary key,
        type text not null,
        account text,
        object_id text not null,
        payload bytea not null,
        state varchar(32) not null
            constraint ck_stripe_events_state check (state in ('pending', 'done', 'ignored')),
        tries integer not null,
        error text,
        received_at timestamptz not null,
        next_try_at timestamptz not null
    )
    """,
    "create index ix_stripe_events_pending on payments.stripe_events (next_try_at) where state = 'pending'",
    "create index ix_stripe_events_received_at on payments.stripe_events using brin (received_at)",
]
