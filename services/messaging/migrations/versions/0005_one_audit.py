"""The audit log becomes the one that every schema has, with its rows."""

from shared.database.migrate import create_audit

revision = "messaging_0005"
down_revision = "messaging_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Renames the table, and lets one function erase words."""
    create_audit("messaging", earlier="audit_log")
