"""Work that is tried again has the columns that all such work has, and says why it waits."""

from shared.database.migrate import execute_all

revision = "booking_0012"
down_revision = "booking_0011"
branch_labels = None
depends_on = None

WAITING = {
    "checkouts": "state in ('ordering', 'expiring', 'cancelling', 'reclaiming', 'refunding')",
    "cancellations": "refunded_at is null",
    "room_closures": "closed_at is null",
}


def upgrade() -> None:
    """Renames; what has waited since before reasons were kept says so."""
    for table, waiting in WAITING.items():
        execute_all(
            [
                f"alter table booking.{table} rename column attempts to tries",
                f"alter table booking.{table} rename column attempt_at to next_try_at",
                f"alter table booking.{table} alter column next_try_at drop not null, add column last_error text",
                f"""
                update booking.{table} set last_error = 'the reason was not kept'
                 where tries > 0 and {waiting}
                """,
            ]
        )
