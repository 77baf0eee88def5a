"""Sessions of memberships pay orders, of which the platform bears the price."""

from shared.database.migrate import execute_all

revision = "payments_0039"
down_revision = "payments_0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The platform has paid nothing of what was sold so far."""
    execute_all(
        [
            """
            alter table payments.orders
                add column discount bigint not null default 0,
                add constraint ck_orders_discount check (discount >= 0)
            """,
            """
            alter table payments.order_lines
                add column funded bigint not null default 0,
                add column unfunded bigint not null default 0,
                add constraint ck_order_lines_unfunded check (unfunded between 0 and funded)
            """,
            """
            alter table payments.membership_grants
                add column used integer not null default 0,
                add constraint ck_membership_grants_used check (used between 0 and sessions)
            """,
            """
            create table payments.membership_uses (
                order_id uuid constraint pk_membership_uses primary key
                    constraint fk_membership_uses_order_id references payments.orders (id),
                grant_id uuid not null
                    constraint fk_membership_uses_grant_id references payments.membership_grants (id),
                amount bigint not null constraint ck_membership_uses_amount check (amount > 0),
                returned_at timestamptz,
                created_at timestamptz not null
            )
            """,
            "create index ix_membership_uses_grant_id on payments.membership_uses (grant_id)",
        ]
    )
