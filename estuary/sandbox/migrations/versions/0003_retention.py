"""What was last deleted by its age."""

from shared.database.migrate import create_retention

revision = "sandbox_0003"
down_revision = "sandbox_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table."""
    create_retention("sandbox")
