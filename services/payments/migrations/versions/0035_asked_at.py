"""When an order's client was last asked by their bank: a try that comes by itself leaves them alone there."""

from shared.database.migrate import execute_all

revision = "payments_0035"
down_revision = "payments_0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of orders from before it is not known, which means that nothing waits for them."""
    execute_all(["alter table payments.orders add column asked_at timestamptz"])
