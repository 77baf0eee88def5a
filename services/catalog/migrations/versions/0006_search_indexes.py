"""Public lists are searched, counted and ordered by title out of indexes, without reading the services themselves."""

from pathlib import Path

from shared.database.migrate import execute_all, execute_file

revision = "catalog_0006"
down_revision = "catalog_0005"
branch_labels = None
depends_on = None

SEARCH = Path(__file__).parents[2] / "search" / "search.sql"
CHANGES = [
    """
    create index ix_services_searched on catalog.services using gin (catalog.searched(document, folded))
        where is_active
    """,
    """
    create index ix_services_names on catalog.services (practitioner_id) include (id, price_amount, folded)
        where is_active
    """,
    """
    create index ix_services_title on catalog.services (catalog.fold(title) collate "C", title collate "C")
        where is_active
    """,
]


def upgrade() -> None:
    """Reads each service: some seconds for 100,000. Who changes one meanwhile waits, who reads does not."""
    execute_file(SEARCH, "catalog")
    execute_all(CHANGES)
