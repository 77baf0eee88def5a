"""Subscriptions end where a client's bank takes the payment of a bill back."""

from shared.database.migrate import execute_all

revision = "payments_0044"
down_revision = "payments_0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One more reason."""
    execute_all(
        [
            """
            alter table payments.subscriptions
                drop constraint ck_subscriptions_end_reason_known,
                add constraint ck_subscriptions_end_reason_known
                    check (end_reason in ('cancelled', 'unpaid', 'payment_failed', 'chargeback'))
            """
        ]
    )
