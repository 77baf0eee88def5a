"""A practitioner's usual schedule may limit the sessions of a day and of a week."""

from shared.database.migrate import execute_all

revision = "booking_0024"
down_revision = "booking_0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A process of the release before books beyond them, as it does not count."""
    execute_all(["alter table booking.schedules add column limits jsonb"])
