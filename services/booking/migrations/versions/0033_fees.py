"""Fees for free seats that are missed, or cancelled late."""

from shared.database.migrate import execute_all

revision = "booking_0033"
down_revision = "booking_0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is booked already was booked without any."""
    execute_all(
        [
            """
            create table booking.fees (
                booking_id uuid constraint pk_fees primary key
                    constraint fk_fees_booking_id_bookings references booking.bookings (id) on delete cascade,
                no_show_amount bigint not null,
                late_cancel_amount bigint not null,
                currency varchar(3) not null,
                payment_method_id uuid not null,
                status varchar(32) not null constraint ck_fees_feestatus
                    check (status in ('agreed', 'due', 'charging', 'paid', 'failed', 'waived')),
                cause varchar(32) constraint ck_fees_feecause check (cause in ('no_show', 'late_cancel')),
                due_at timestamptz,
                tries integer not null,
                next_try_at timestamptz,
                last_error text,
                constraint ck_fees_due
                    check ((status = 'agreed') = (cause is null) and (cause is null) = (due_at is null)),
                constraint ck_fees_amounts check (no_show_amount >= 0 and late_cancel_amount >= 0),
                constraint ck_fees_amount check (case cause when 'no_show' then no_show_amount > 0
                    when 'late_cancel' then late_cancel_amount > 0 else true end)
            )
            """,
            "create index ix_fees_due on booking.fees (due_at) where status = 'due'",
            "create index ix_fees_charging on booking.fees (next_try_at) where status = 'charging'",
        ]
    )
