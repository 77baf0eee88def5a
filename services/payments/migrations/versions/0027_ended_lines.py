"""Lines of orders may end before their purchase is known to be confirmed."""

from shared.database.migrate import execute_all

revision = "payments_0027"
down_revision = "payments_0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of those that there are, each has earned before its end."""
    execute_all(["alter table payments.order_lines add column ended_at timestamptz"])
