"""Audit rows whose outcome is not known yet may be completed, once."""

from shared.database.migrate import execute_all

revision = "booking_0006"
down_revision = "booking_0005"
branch_labels = None
depends_on = None

COMPLETION = [
    """
    create function booking.audit_only_complete() returns trigger language plpgsql as $$
    begin
        if old.after ->> 'outcome' is distinct from 'unknown' or new.after ? 'outcome' then
            raise exception 'an audit row is completed once, and never changed';
        end if;
        return new;
    end $$
    """,
    """
    create trigger audit_only_complete before update on booking.audit
        for each row execute function booking.audit_only_complete()
    """,
    "grant update (after) on booking.audit to estuary_booking",
]


def upgrade() -> None:
    """Lets the service change one column, and only while the outcome is unknown."""
    execute_all(COMPLETION)
