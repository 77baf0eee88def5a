"""Decisions go three years after their account was closed."""

from pathlib import Path

from shared.database.migrate import execute_file

revision = "identity_0028"
down_revision = "identity_0027"
branch_labels = None
depends_on = None

TRIGGERS = Path(__file__).parents[2] / "consents" / "documents.sql"


def upgrade() -> None:
    """Lets the trigger pass them, and makes the function that deletes them."""
    execute_file(TRIGGERS, "identity")
