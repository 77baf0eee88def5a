"""What a practitioner has sold in a month is found by indexes: the volume rule asks for it at every order."""

from shared.database.migrate import execute_all

revision = "payments_0036"
down_revision = "payments_0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Writes wait while the indexes are made."""
    execute_all(
        [
            "create index ix_order_lines_practitioner_id on payments.order_lines (practitioner_id)",
            "create index ix_orders_paid_at on payments.orders (paid_at) where status = 'paid'",
        ]
    )
