"""What clients are called, for the practitioners who see their bookings."""

from shared.database.migrate import execute_all

revision = "booking_0005"
down_revision = "booking_0004"
branch_labels = None
depends_on = None

STATEMENTS = [
    """
    create table booking.names (
        user_id uuid constraint pk_names primary key,
        first_name text,
        last_name text,
        constraint ck_names_whole check ((first_name is null) = (last_name is null))
    )
    """,
    "create index ix_names_missing on booking.names (user_id) where first_name is null",
    # Clients from before this table: a job asks identity for them.
    """
    insert into booking.names (user_id) select distinct client_id from booking.bookings b
     where not exists (select from booking.departures d where d.user_id = b.client_id)
    """,
]


def upgrade() -> None:
    """Creates the table, with a row without a name for each client."""
    execute_all(STATEMENTS)
