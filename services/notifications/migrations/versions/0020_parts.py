"""A session that was bought with others knows the booking of them all."""

from shared.database.migrate import execute_all

revision = "notifications_0020"
down_revision = "notifications_0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """There are none so far."""
    execute_all(
        [
            "alter table notifications.bookings add column parent_id uuid",
            """
            create index ix_bookings_parent_id on notifications.bookings (parent_id)
             where parent_id is not null
            """,
        ]
    )
