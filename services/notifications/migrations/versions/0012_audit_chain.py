"""The audit log becomes a chain: more columns, sealed after commit, emptied by an erasure as a whole."""

from shared.database.migrate import chain_audit

revision = "notifications_0012"
down_revision = "notifications_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the columns and says anew what may change."""
    chain_audit("notifications")
