"""Certificates of courses."""

from shared.database.migrate import execute_all

revision = "booking_0036"
down_revision = "booking_0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """There are none so far."""
    execute_all(
        [
            """
            create table booking.certificates (
                booking_id uuid constraint pk_certificates primary key
                    constraint fk_certificates_booking_id_bookings references booking.bookings (id),
                number text not null constraint uq_certificates_number unique,
                percent integer not null constraint ck_certificates_percent check (percent between 1 and 100),
                issued_at timestamptz not null
            )
            """,
        ]
    )
