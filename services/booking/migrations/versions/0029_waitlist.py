"""Waitlists, and the seats that they offer."""

from shared.database.migrate import execute_all

revision = "booking_0029"
down_revision = "booking_0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A process of the release before gives a seat back to everybody, as it does not look who waits for it."""
    execute_all(
        [
            """
            create table booking.waitlist_entries (
                id uuid constraint pk_waitlist_entries primary key,
                service_id uuid not null,
                practitioner_id uuid not null,
                user_id uuid not null,
                start_time timestamptz not null,
                status varchar(32) not null,
                session_id uuid constraint fk_waitlist_entries_session_id references booking.sessions,
                booking_id uuid constraint fk_waitlist_entries_booking_id references booking.bookings,
                is_invited boolean not null,
                offers_until timestamptz not null,
                offer_expires_at timestamptz,
                created_at timestamptz not null,
                constraint ck_waitlist_entries_entrystatus
                    check (status in ('waiting', 'offered', 'booked', 'passed', 'left', 'closed')),
                constraint ck_waitlist_entries_seat check ((status = 'offered') = (session_id is not null)),
                constraint ck_waitlist_entries_offer check (status <> 'offered' or offer_expires_at is not null),
                constraint ck_waitlist_entries_booking check ((status = 'booked') = (booking_id is not null))
            )
            """,
            """
            create unique index uq_waitlist_entries_open on booking.waitlist_entries (service_id, start_time, user_id)
                where status in ('waiting', 'offered')
            """,
            "create index ix_waitlist_entries_user_id on booking.waitlist_entries (user_id)",
            """
            create index ix_waitlist_entries_start_time on booking.waitlist_entries (start_time)
                where status in ('waiting', 'offered')
            """,
            """
            create index ix_waitlist_entries_offered on booking.waitlist_entries (offer_expires_at)
                where status = 'offered'
            """,
            """
            create index ix_waitlist_entries_session_id on booking.waitlist_entries (session_id)
                where session_id is not null
            """,
            """
            create index ix_waitlist_entries_booking_id on booking.waitlist_entries (booking_id)
                where booking_id is not null
            """,
        ]
    )
