"""When services can be booked, as booking says."""

from pathlib import Path

from shared.database.migrate import execute_all, execute_file

revision = "catalog_0019"
down_revision = "catalog_0018"
branch_labels = None
depends_on = None

TRIGGERS = Path(__file__).parents[2] / "openings" / "notices.sql"
TABLES = [
    """
    create table catalog.openings (
        service_id uuid constraint pk_openings primary key
            constraint fk_openings_service_id references catalog.services (id),
        step_minutes integer not null constraint ck_openings_step check (step_minutes > 0),
        notice_minutes integer not null,
        starts tstzmultirange not null,
        grid_seconds integer
    )
    """,
    "create index ix_services_withdrawn on catalog.services (id) where not is_active",
]


def upgrade() -> None:
    """Booking publishes the openings of every service once it keeps them."""
    execute_all(TABLES)
    execute_file(TRIGGERS, "catalog")
