"""Subscriptions, their periods, and saved cards that are offered for overdue bills."""

from shared.database.migrate import execute_all

revision = "payments_0032"
down_revision = "payments_0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has subscribed yet."""
    execute_all(
        [
            """
            create table payments.subscriptions (
                id uuid constraint pk_subscriptions primary key,
                kind varchar(32) not null constraint ck_subscriptions_kind check (kind in ('platform', 'organizer')),
                user_id uuid not null,
                practitioner_id uuid,
                plan_id uuid not null constraint fk_subscriptions_plan_id references payments.plans (id),
                plan jsonb not null,
                interval varchar(32) not null
                    constraint ck_subscriptions_interval check (interval in ('month', 'year')),
                currency varchar(3) not null,
                amount bigint not null constraint ck_subscriptions_amount check (amount >= 0),
                status varchar(32) not null constraint ck_subscriptions_status
                    check (status in ('incomplete', 'trialing', 'active', 'past_due', 'ended')),
                anchor timestamptz not null,
                number integer not null,
                current_period_start timestamptz,
                current_period_end timestamptz,
                access_until timestamptz,
                trial_until timestamptz,
                cancel_at timestamptz,
                retry_at timestamptz,
                refused_method uuid,
                end_reason varchar(32) constraint ck_subscriptions_end_reason_known
                    check (end_reason in ('cancelled', 'unpaid', 'payment_failed')),
                ended_at timestamptz,
                announced_at timestamptz,
                next_at timestamptz,
                version integer not null,
                created_at timestamptz not null,
                tries integer not null,
                next_try_at timestamptz,
                last_error text,
                constraint ck_subscriptions_ended_at check ((status = 'ended') = (ended_at is not null)),
                constraint ck_subscriptions_end_reason check ((status = 'ended') = (end_reason is not null)),
                constraint ck_subscriptions_next_at check ((status = 'ended') = (next_at is null)),
                constraint ck_subscriptions_retry_at check ((status = 'past_due') = (retry_at is not null))
            )
            """,
            """
            create unique index uq_subscriptions_living on payments.subscriptions (user_id, kind)
                where status <> 'ended'
            """,
            """
            create unique index uq_subscriptions_trial on payments.subscriptions (user_id, kind)
                where trial_until is not null
            """,
            "create index ix_subscriptions_next_at on payments.subscriptions (next_at) where status <> 'ended'",
            "create index ix_subscriptions_user_id_created_at on payments.subscriptions (user_id, created_at)",
            """
            create index ix_subscriptions_practitioner_id on payments.subscriptions (practitioner_id, access_until)
                where kind = 'platform'
            """,
            """
            create table payments.periods (
                subscription_id uuid not null
                    constraint fk_periods_subscription_id references payments.subscriptions (id),
                number integer not null constraint ck_periods_number check (number > 0),
                order_id uuid not null constraint uq_periods_order_id unique,
                start_at timestamptz not null,
                end_at timestamptz not null,
                currency varchar(3) not null,
                amount bigint not null constraint ck_periods_amount check (amount >= 0),
                status varchar(32) not null
                    constraint ck_periods_status check (status in ('open', 'paid', 'closed')),
                created_at timestamptz not null,
                constraint pk_periods primary key (subscription_id, number),
                constraint ck_periods_end_at check (start_at < end_at)
            )
            """,
            "create unique index uq_periods_open on payments.periods (subscription_id) where status = 'open'",
            """
            create table payments.card_offers (
                id uuid constraint pk_card_offers primary key,
                user_id uuid not null,
                method_id uuid not null,
                created_at timestamptz not null,
                tries integer not null,
                next_try_at timestamptz,
                last_error text
            )
            """,
        ]
    )
