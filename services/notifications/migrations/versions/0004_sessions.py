"""The seats of one session are found by its practitioner and start."""

from shared.database.migrate import execute_all

revision = "notifications_0004"
down_revision = "notifications_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds an index."""
    execute_all(
        [
            """
            create index ix_bookings_practitioner_user_id_start_time
                on notifications.bookings (practitioner_user_id, start_time)
            """,
        ]
    )
