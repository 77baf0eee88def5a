"""The audit log becomes the one that every schema has, with its rows."""

from alembic import op

from shared.database.migrate import create_audit

revision = "catalog_0005"
down_revision = "catalog_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Renames the table, and lets one function erase words."""
    create_audit("catalog", earlier="audit_log")
    op.execute("drop function catalog.erase_notes(uuid)")
