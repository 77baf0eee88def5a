"""People who are gone, and approvals of practitioners."""

from shared.database.migrate import execute_all

revision = "booking_0003"
down_revision = "booking_0002"
branch_labels = None
depends_on = None

TABLES = [
    """
    create table booking.departures (
        user_id uuid constraint pk_departures primary key,
        created_at timestamptz not null
    )
    """,
    """
    create table booking.approvals (
        practitioner_id uuid constraint pk_approvals primary key,
        version integer not null,
        is_approved boolean not null
    )
    """,
    "create index ix_approvals_lost on booking.approvals (practitioner_id) where not is_approved",
]


def upgrade() -> None:
    """Creates the tables."""
    execute_all(TABLES)
