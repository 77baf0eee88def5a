"""What was last deleted by its age."""

from shared.database.migrate import create_retention

revision = "catalog_0010"
down_revision = "catalog_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table."""
    create_retention("catalog")
