"""When the account of a practitioner was deactivated: from then on nobody sees them or their services."""

from shared.database.migrate import execute_all

revision = "catalog_0002"
down_revision = "catalog_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column."""
    execute_all(["alter table catalog.practitioners add column deactivated_at timestamptz"])
