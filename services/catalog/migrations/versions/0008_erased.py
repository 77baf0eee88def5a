"""The ids of people who were erased, of whom nothing is stored again."""

from shared.database.migrate import create_erased

revision = "catalog_0008"
down_revision = "catalog_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table."""
    create_erased("catalog")
