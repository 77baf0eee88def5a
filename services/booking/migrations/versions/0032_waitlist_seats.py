"""An offer may hold several seats."""

from shared.database.migrate import execute_all

revision = "booking_0032"
down_revision = "booking_0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The column of the one seat was in no release."""
    execute_all(
        [
            """
            create table booking.waitlist_seats (
                entry_id uuid constraint fk_waitlist_seats_entry_id references booking.waitlist_entries,
                session_id uuid constraint fk_waitlist_seats_session_id references booking.sessions,
                constraint pk_waitlist_seats primary key (entry_id, session_id)
            )
            """,
            "create index ix_waitlist_seats_session_id on booking.waitlist_seats (session_id)",
            """
            insert into booking.waitlist_seats (entry_id, session_id)
                select id, session_id from booking.waitlist_entries where session_id is not null
            """,
            "alter table booking.waitlist_entries drop column session_id",
        ]
    )
