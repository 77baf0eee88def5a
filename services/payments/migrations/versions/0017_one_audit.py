"""The audit log becomes the one that every schema has, with its rows."""

from shared.database.migrate import create_audit

revision = "payments_0017"
down_revision = "payments_0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A row may be completed once, and one function erases words."""
    create_audit("payments", earlier="audit")
