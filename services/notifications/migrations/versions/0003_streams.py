"""People choose whether to hear of posts and of comments."""

from shared.database.migrate import execute_all

revision = "notifications_0003"
down_revision = "notifications_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lets the new topics in."""
    execute_all(
        [
            "alter table notifications.preferences drop constraint ck_preferences_topic",
            """
            alter table notifications.preferences add constraint ck_preferences_topic
                check (topic in ('bookings', 'reminders', 'payments', 'account', 'messages', 'posts', 'comments'))
            """,
        ]
    )
