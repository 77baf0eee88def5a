"""What was paid late is found by an index."""

from shared.database.migrate import execute_all

revision = "payments_0046"
down_revision = "payments_0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A job looks for it again and again, and it is rare."""
    execute_all(["create index ix_orders_paid_late on payments.orders (id) where status = 'paid_late'"])
