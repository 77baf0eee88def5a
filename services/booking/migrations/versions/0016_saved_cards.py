"""The saved card that is to pay a booking."""

from shared.database.migrate import execute_all

revision = "booking_0016"
down_revision = "booking_0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No checkout has named one so far."""
    execute_all(["alter table booking.checkouts add column payment_method_id uuid"])
