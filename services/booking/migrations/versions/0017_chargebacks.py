"""Bookings show whether a client's bank disputes their payment."""

from shared.database.migrate import execute_all

revision = "booking_0017"
down_revision = "booking_0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of what was disputed before, the next news is heard."""
    execute_all(
        [
            """
            alter table booking.bookings add column chargeback varchar(32)
                constraint ck_bookings_chargeback check (chargeback in ('open', 'won', 'lost'))
            """
        ]
    )
