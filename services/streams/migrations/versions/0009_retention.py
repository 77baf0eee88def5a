"""What was last deleted by its age."""

from shared.database.migrate import create_retention

revision = "streams_0009"
down_revision = "streams_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table."""
    create_retention("streams")
