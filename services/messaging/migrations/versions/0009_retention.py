"""What was last deleted by its age."""

from shared.database.migrate import create_retention

revision = "messaging_0009"
down_revision = "messaging_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table."""
    create_retention("messaging")
