"""The dates that booking has of services."""

from shared.database.migrate import execute_all

revision = "catalog_0017"
down_revision = "catalog_0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled by booking's events, of which there were none before."""
    execute_all(
        [
            """
            create table catalog.service_dates (
                session_id uuid constraint pk_service_dates primary key,
                service_id uuid not null,
                start_time timestamptz not null
            )
            """,
            "create index ix_service_dates_service_id on catalog.service_dates (service_id, start_time)",
        ]
    )
