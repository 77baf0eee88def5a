"""What was last deleted by its age."""

from shared.database.migrate import create_retention

revision = "identity_0027"
down_revision = "identity_0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table."""
    create_retention("identity")
