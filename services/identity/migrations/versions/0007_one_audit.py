"""The audit log becomes the one that every schema has, with its rows."""

from alembic import op

from shared.database.migrate import create_audit

revision = "identity_0007"
down_revision = "identity_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Renames the table, and lets one function erase words."""
    create_audit("identity", earlier="audit_log")
    op.execute("drop function identity.erase_reasons(uuid)")
