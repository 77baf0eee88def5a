"""Reminders at any number of minutes before a start, as its service says."""

from shared.database.migrate import execute_all

revision = "notifications_0018"
down_revision = "notifications_0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was planned stays."""
    execute_all(
        [
            """
            alter table notifications.bookings
                add column reminders_minutes integer[] not null default '{1440,30}'
            """,
            "alter table notifications.reminders drop constraint ck_reminders_kind",
        ]
    )
