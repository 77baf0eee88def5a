"""The audit log that every schema has."""

from shared.database.migrate import create_audit

revision = "notifications_0010"
down_revision = "notifications_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table."""
    create_audit("notifications")
