"""What was last deleted by its age."""

from shared.database.migrate import create_retention

revision = "booking_0014"
down_revision = "booking_0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table."""
    create_retention("booking")
