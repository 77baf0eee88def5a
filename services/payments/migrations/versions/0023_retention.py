"""What was last deleted by its age."""

from shared.database.migrate import create_retention

revision = "payments_0023"
down_revision = "payments_0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table."""
    create_retention("payments")
