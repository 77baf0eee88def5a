"""Which resources each session of a service takes."""

from shared.database.migrate import execute_all

revision = "catalog_0016"
down_revision = "catalog_0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Until now none."""
    execute_all(["alter table catalog.services add column resources jsonb not null default '[]'"])
