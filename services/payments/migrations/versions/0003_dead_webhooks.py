"""Webhooks that an operator has to look at."""

from shared.database.migrate import execute_all

revision = "payments_0003"
down_revision = "payments_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Allows the state `dead`."""
    execute_all(
        [
            """
            alter table payments.stripe_events
                drop constraint ck_stripe_events_state,
                add constraint ck_stripe_events_state check (state in ('pending', 'done', 'ignored', 'dead'))
            """,
            "create index ix_stripe_events_dead on payments.stripe_events (received_at) where state = 'dead'",
            "drop index payments.ix_orders_purchases",
            "create index ix_orders_open on payments.orders (expires_at) where status = 'open'",
        ]
    )
