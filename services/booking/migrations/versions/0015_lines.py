"""The line of a booking's order, which its events name."""

from shared.database.migrate import execute_all

revision = "booking_0015"
down_revision = "booking_0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Those of before have none: payments gave an id to the only line of their orders."""
    execute_all(["alter table booking.bookings add column line_id uuid"])
