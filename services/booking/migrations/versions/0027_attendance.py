"""Who came to a session: marks of practitioners, and codes by which clients are checked in."""

from shared.database.migrate import execute_all

revision = "booking_0027"
down_revision = "booking_0026"
branch_labels = None
depends_on = None

NEW_CODE = "upper(left(replace(gen_random_uuid()::text, '-', ''), 10))"


def upgrade() -> None:
    """Who did not come was absent; of the others nobody has said it. The default is for the release before."""
    execute_all(
        [
            """
            alter table booking.bookings
                add column mark varchar(32)
                    constraint ck_bookings_mark check (mark in ('attended', 'late', 'absent')),
                add column checked_in_at timestamptz,
                add column check_in_code text
            """,
            f"alter table booking.bookings alter column check_in_code set default {NEW_CODE}",
            f"""
            update booking.bookings set check_in_code = {NEW_CODE}
             where status in ('pending_payment', 'confirmed', 'in_progress')
            """,
            "update booking.bookings set mark = 'absent' where status = 'no_show'",
            """
            alter table booking.bookings
                add constraint ck_bookings_marked
                    check (mark is null or status in ('confirmed', 'in_progress', 'completed', 'no_show')),
                add constraint ck_bookings_checked_in check (checked_in_at is null or mark is not null)
            """,
            "create unique index uq_bookings_check_in_code on booking.bookings (practitioner_id, check_in_code)",
            """
            create index ix_bookings_marked on booking.bookings (end_time)
             where status = 'in_progress' and mark is not null
            """,
        ]
    )
