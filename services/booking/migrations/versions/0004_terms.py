"""The terms of a booking: its cancellation policy, and the start that the client agreed to."""

from shared.database.migrate import execute_all

revision = "booking_0004"
down_revision = "booking_0003"
branch_labels = None
depends_on = None

# The policy of rows from before, and of those that the release before still writes during the update.
USUAL = '{"full_hours": 24, "part_hours": 2, "part_percent": 50}'


def upgrade() -> None:
    """Adds the columns; the client has agreed to the start of every booking from before."""
    execute_all(
        [
            f"""
            alter table booking.bookings
                add column policy jsonb not null default '{USUAL}',
                add column agreed_start_time timestamptz,
                add column moved_by varchar(32)
                    constraint ck_bookings_moved_by check (moved_by in ('client', 'practitioner', 'staff')),
                add constraint ck_bookings_agreed
                    check (agreed_start_time is null or moved_by in ('practitioner', 'staff'))
            """
        ]
    )
