"""The field's terms: users (people) and deactivated users (departures)."""

from shared.database.migrate import execute_all

revision = "streams_0004"
down_revision = "streams_0003"
branch_labels = None
depends_on = None

CHANGES = [
    "alter table streams.people rename to users",
    "alter table streams.users rename constraint pk_people to pk_users",
    "alter index streams.ix_people_unnamed rename to ix_users_unnamed",
    "alter table streams.departures rename to deactivated_users",
    "alter table streams.deactivated_users rename constraint pk_departures to pk_deactivated_users",
]


def upgrade() -> None:
    """Renames; no row changes."""
    execute_all(CHANGES)
