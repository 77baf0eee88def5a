"""The audit log becomes a chain: more columns, sealed after commit, emptied by an erasure as a whole."""

from shared.database.migrate import chain_audit

revision = "booking_0011"
down_revision = "booking_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the columns and says anew what may change."""
    chain_audit("booking")
