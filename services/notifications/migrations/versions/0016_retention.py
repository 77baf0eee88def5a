"""What was last deleted by its age."""

from shared.database.migrate import create_retention

revision = "notifications_0016"
down_revision = "notifications_0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table."""
    create_retention("notifications")
