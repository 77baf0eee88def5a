"""The ids of people who were erased, of whom nothing is stored again."""

from shared.database.migrate import create_erased

revision = "notifications_0015"
down_revision = "notifications_0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table."""
    create_erased("notifications")
