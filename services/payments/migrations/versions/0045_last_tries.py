"""Why an order's last try was refused, and where the client's bank waits for them."""

from shared.database.migrate import execute_all

revision = "payments_0045"
down_revision = "payments_0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of older tries nothing is known; the next one says it."""
    execute_all(["alter table payments.orders add column card_error jsonb, add column next_action_url text"])
