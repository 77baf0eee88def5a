"""The ids of people who were erased, of whom nothing is stored again."""

from shared.database.migrate import create_erased

revision = "streams_0007"
down_revision = "streams_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table."""
    create_erased("streams")
