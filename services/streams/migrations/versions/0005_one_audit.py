"""The audit log that every schema has."""

from shared.database.migrate import create_audit

revision = "streams_0005"
down_revision = "streams_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table."""
    create_audit("streams")
