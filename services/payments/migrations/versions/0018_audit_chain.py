"""The audit log becomes a chain: more columns, sealed after commit, emptied by an erasure as a whole."""

from shared.database.migrate import chain_audit

revision = "payments_0018"
down_revision = "payments_0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the columns and says anew what may change."""
    chain_audit("payments")
