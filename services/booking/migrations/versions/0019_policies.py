"""The policies of services, and how often a client moves a booking."""

from shared.database.migrate import execute_all

revision = "booking_0019"
down_revision = "booking_0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is booked keeps its terms: no limit of moves, of which none was counted."""
    execute_all(
        [
            """
            alter table booking.service_copies
                add column cancel_policy jsonb,
                add column reschedule_hours integer,
                add column max_reschedules integer
            """,
            """
            alter table booking.bookings
                add column max_reschedules integer,
                add column client_moves integer not null default 0
            """,
        ]
    )
