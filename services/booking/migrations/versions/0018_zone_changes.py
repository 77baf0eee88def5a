"""On some dates a schedule's hours are read in another zone."""

from shared.database.migrate import execute_all

revision = "booking_0018"
down_revision = "booking_0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A schedule that the release before writes has none."""
    execute_all(["alter table booking.schedules add column zone_changes jsonb not null default '[]'"])
