"""Names: what erasure removes is erased."""

from shared.database.migrate import execute_all

revision = "catalog_0004"
down_revision = "catalog_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Renames the function that alone may change the audit log."""
    execute_all(["alter function catalog.forget_notes(uuid) rename to erase_notes"])
