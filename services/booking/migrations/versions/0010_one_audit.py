"""The audit log becomes the one that every schema has, with its rows."""

from shared.database.migrate import create_audit

revision = "booking_0010"
down_revision = "booking_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One function erases words, the service itself no longer can."""
    create_audit("booking", earlier="audit")
