"""A seat that a membership pays has a value, and costs its client nothing."""

from shared.database.migrate import execute_all

revision = "booking_0022"
down_revision = "booking_0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The client has paid all seats so far."""
    execute_all(
        [
            """
            alter table booking.bookings
                add column value_amount bigint,
                add constraint ck_bookings_value check (value_amount is null or total_amount = 0)
            """
        ]
    )
