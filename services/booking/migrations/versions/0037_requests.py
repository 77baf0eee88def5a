"""Requests: bookings without a seat, until their practitioner accepts them."""

from shared.database.migrate import execute_all

revision = "booking_0037"
down_revision = "booking_0036"
branch_labels = None
depends_on = None

STATUSES = """'pending_payment', 'requested', 'confirmed', 'in_progress', 'completed', 'cancelled', 'declined', 'expired',
'no_show'"""
STATES = """'ordering', 'awaiting', 'deferred', 'authorized', 'capturing', 'confirmed', 'expiring', 'expired',
'cancelling', 'cancelled', 'reclaiming', 'refunding', 'refunded'"""


def upgrade() -> None:
    """Processes of the release before do not know what is requested."""
    execute_all(
        [
            f"""
            alter table booking.bookings
                add column request_payment varchar(32)
                    constraint ck_bookings_request_payment check (request_payment in ('authorize', 'save')),
                add column decide_by timestamptz,
                add column requested_start_time timestamptz,
                drop constraint ck_bookings_status,
                add constraint ck_bookings_status check (status in ({STATUSES})),
                drop constraint ck_bookings_seat,
                add constraint ck_bookings_seat check (
                    (session_id is not null
                     or status in ('requested', 'declined', 'cancelled', 'expired')
                     or (status = 'pending_payment' and decide_by is not null)
                     or (kind <> 'single' and parent_id is null))),
                drop constraint ck_bookings_no_seat,
                add constraint ck_bookings_no_seat check (
                    session_id is null or status not in ('cancelled', 'declined')),
                add constraint ck_bookings_requested_start check (
                    requested_start_time is null or decide_by is not null),
                add constraint ck_bookings_decide_by check (decide_by is null or request_payment is not null)
            """,
            """
            create index ix_bookings_undecided on booking.bookings (decide_by)
                where status = 'requested' or requested_start_time is not null
            """,
            "drop index booking.ix_bookings_coming_of_client",
            """
            create index ix_bookings_coming_of_client on booking.bookings (client_id)
                where status in ('pending_payment', 'requested', 'confirmed')
            """,
            "drop index booking.ix_bookings_coming_of_practitioner",
            """
            create index ix_bookings_coming_of_practitioner on booking.bookings (practitioner_user_id)
                where status in ('pending_payment', 'requested', 'confirmed')
            """,
            f"""
            alter table booking.checkouts
                drop constraint ck_checkouts_state,
                add constraint ck_checkouts_state check (state in ({STATES}))
            """,
            "drop index booking.ix_checkouts_open",
            """
            create index ix_checkouts_open on booking.checkouts (next_try_at)
                where state in ('ordering', 'capturing', 'expiring', 'cancelling', 'reclaiming', 'refunding')
            """,
        ]
    )
