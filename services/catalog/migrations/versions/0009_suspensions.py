"""Practitioners whose account is suspended are not on sale."""

from shared.database.migrate import execute_all

revision = "catalog_0009"
down_revision = "catalog_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody is suspended."""
    execute_all(["alter table catalog.practitioners add column suspended_at timestamptz"])
