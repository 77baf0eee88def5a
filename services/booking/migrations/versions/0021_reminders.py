"""When both sides of a booking are reminded, as its service says."""

from shared.database.migrate import execute_all

revision = "booking_0021"
down_revision = "booking_0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Until now a day and half an hour before."""
    add = "add column reminders_minutes integer[] not null default '{1440,30}'"
    execute_all([f"alter table booking.{table} {add}" for table in ("service_copies", "bookings")])
