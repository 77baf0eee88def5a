"""Subscriptions can be paused, and begin anew afterwards."""

from shared.database.migrate import execute_all

revision = "payments_0041"
down_revision = "payments_0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """All that are there count their periods from the first one."""
    execute_all(
        [
            """
            alter table payments.subscriptions
                add column paused_until timestamptz,
                add column before_anchor integer not null default 0,
                add constraint ck_subscriptions_paused_until check (status <> 'paused' or paused_until is not null),
                add constraint ck_subscriptions_before_anchor check (before_anchor between 0 and number),
                drop constraint ck_subscriptions_status,
                add constraint ck_subscriptions_status
                    check (status in ('incomplete', 'trialing', 'active', 'past_due', 'paused', 'ended'))
            """,
            "alter table payments.subscriptions alter column before_anchor drop default",
        ]
    )
