"""Sessions keep their room's name, bookings the notice of their client's moves; reasons in audit rows can be erased."""

from shared.database.migrate import execute_all

revision = "booking_0008"
down_revision = "booking_0007"
branch_labels = None
depends_on = None

# As rooms were named until now: by the present number of seats.
ROOMS = [
    "alter table booking.reservations add column room text",
    """
    update booking.reservations r set room = coalesce(
        (select 'booking-' || b.id from booking.bookings b where b.reservation_id = r.id and r.capacity = 1 limit 1),
        'session-' || r.id)
    """,
    "alter table booking.reservations alter column room set not null",
]
# The setting's default, for bookings from before.
TERMS = ["alter table booking.bookings add column reschedule_hours integer not null default 24"]
AUDIT = [
    """
    create or replace function booking.audit_only_complete() returns trigger language plpgsql as $$
    begin
        if new.after = old.after - 'reason' then
            return new;
        end if;
        if old.after ->> 'outcome' is distinct from 'unknown' or new.after ? 'outcome' then
            raise exception 'an audit row is completed once, and otherwise only loses its reason';
        end if;
        return new;
    end $$
    """,
]


def upgrade() -> None:
    """Adds the columns, and lets erasure into the audit trail."""
    execute_all([*ROOMS, *TERMS, *AUDIT])
