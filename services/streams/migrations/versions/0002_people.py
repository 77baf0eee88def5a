"""People who are gone, and approvals of practitioners."""

from shared.database.migrate import execute_all

revision = "streams_0002"
down_revision = "streams_0001"
branch_labels = None
depends_on = None

TABLES = [
    """
    create table streams.departures (
        user_id uuid constraint pk_departures primary key,
        created_at timestamptz not null
    )
    """,
    """
    create table streams.approvals (
        practitioner_id uuid constraint pk_approvals primary key,
        version integer not null,
        is_approved boolean not null
    )
    """,
    "create index ix_approvals_lost on streams.approvals (practitioner_id) where not is_approved",
]


def upgrade() -> None:
    """Creates the tables."""
    execute_all(TABLES)
