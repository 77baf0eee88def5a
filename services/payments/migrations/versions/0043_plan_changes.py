"""Changes of subscriptions to other plans, and lines below zero for what is credited."""

from shared.database.migrate import execute_all

revision = "payments_0043"
down_revision = "payments_0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody could change a plan yet."""
    execute_all(
        [
            """
            create table payments.plan_changes (
                id uuid constraint pk_plan_changes primary key,
                subscription_id uuid not null
                    constraint fk_plan_changes_subscription_id references payments.subscriptions (id),
                number integer not null,
                order_id uuid constraint uq_plan_changes_order_id unique,
                plan_id uuid not null constraint fk_plan_changes_plan_id references payments.plans (id),
                plan jsonb not null,
                interval varchar(32) not null
                    constraint ck_plan_changes_interval check (interval in ('month', 'year')),
                currency varchar(3) not null,
                amount bigint not null constraint ck_plan_changes_amount check (amount >= 0),
                before bigint not null constraint ck_plan_changes_before check (before >= 0),
                at timestamptz not null,
                charge bigint not null,
                credit bigint not null,
                due bigint not null,
                status varchar(32) not null
                    constraint ck_plan_changes_status check (status in ('pending', 'applied', 'dropped')),
                expires_at timestamptz,
                created_at timestamptz not null,
                constraint ck_plan_changes_due check (charge >= 0 and credit >= 0 and due between 0 and charge),
                constraint ck_plan_changes_expires_at check ((order_id is not null) = (expires_at is not null))
            )
            """,
            """
            create unique index uq_plan_changes_pending on payments.plan_changes (subscription_id)
                where status = 'pending'
            """,
            "create index ix_plan_changes_subscription_id on payments.plan_changes (subscription_id, number)",
            """
            create index ix_plan_changes_expires_at on payments.plan_changes (expires_at)
                where status = 'pending' and expires_at is not null
            """,
            """
            alter table payments.subscriptions
                drop constraint ck_subscriptions_before_anchor,
                add constraint ck_subscriptions_before_anchor check (before_anchor <= number)
            """,
            """
            alter table payments.periods
                drop constraint ck_periods_end_at,
                add constraint ck_periods_end_at check (start_at <= end_at)
            """,
            """
            alter table payments.order_lines
                drop constraint order_lines_gross_check,
                drop constraint ck_order_lines_refunded,
                add constraint ck_order_lines_gross check (gross >= 0 or practitioner_id is null) not valid,
                add constraint ck_order_lines_refunded
                    check (refunded between least(gross, 0) and greatest(gross, 0)) not valid
            """,
            "alter table payments.order_lines validate constraint ck_order_lines_gross",
            "alter table payments.order_lines validate constraint ck_order_lines_refunded",
        ]
    )
