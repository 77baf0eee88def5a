"""The ids of people who were erased, of whom nothing is stored again."""

from shared.database.migrate import create_erased

revision = "booking_0013"
down_revision = "booking_0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table."""
    create_erased("booking")
