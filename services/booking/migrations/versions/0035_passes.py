"""Passes: sessions bought together, each with a line of the order; bookings say with which they were booked."""

from shared.database.migrate import execute_all

revision = "booking_0035"
down_revision = "booking_0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None is sold yet."""
    execute_all(
        [
            """
            create table booking.passes (
                id uuid constraint pk_passes primary key
                    constraint fk_passes_id references booking.checkouts (id),
                status varchar(16) not null constraint ck_passes_status check (
                    status in ('pending_payment', 'active', 'used_up', 'expired', 'cancelled', 'void')),
                package_id uuid not null,
                package_version integer not null,
                title text not null,
                client_id uuid not null,
                practitioner_id uuid not null,
                practitioner_user_id uuid not null,
                timezone varchar(64) not null,
                total_amount bigint not null,
                credits_amount bigint not null,
                currency varchar(3) not null,
                order_id uuid not null,
                client_secret text,
                publishable_key text,
                held_until timestamptz not null,
                expires_at timestamptz not null,
                refundable_until timestamptz not null,
                warned_at timestamptz,
                created_at timestamptz not null,
                cancelled_at timestamptz,
                cancel_id uuid,
                due_amount bigint not null,
                refunded_card bigint not null,
                refunded_credits bigint not null,
                refunded_at timestamptz,
                tries integer not null,
                next_try_at timestamptz,
                last_error text,
                constraint ck_passes_money check (credits_amount between 0 and total_amount),
                constraint ck_passes_cancelled check ((status = 'cancelled') = (cancelled_at is not null))
            )
            """,
            "create index ix_passes_client_id on booking.passes (client_id, created_at)",
            "create index ix_passes_practitioner_user_id on booking.passes (practitioner_user_id, created_at)",
            "create index ix_passes_held on booking.passes (held_until) where status = 'pending_payment'",
            "create index ix_passes_active on booking.passes (expires_at) where status = 'active'",
            """
            create index ix_passes_returned on booking.passes (next_try_at)
                where status = 'cancelled' and refunded_at is null
            """,
            """
            create table booking.pass_sessions (
                id uuid constraint pk_pass_sessions primary key,
                pass_id uuid not null constraint fk_pass_sessions_pass_id references booking.passes (id),
                position integer not null,
                service_ids uuid[] not null,
                value_amount bigint not null constraint ck_pass_sessions_value check (value_amount >= 0),
                line_id uuid not null,
                status varchar(16) not null constraint ck_pass_sessions_status check (
                    status in ('open', 'booked', 'used', 'lapsed', 'refunded')),
                booking_id uuid,
                ended_at timestamptz,
                constraint ck_pass_sessions_booked check (status <> 'booked' or booking_id is not null),
                constraint ck_pass_sessions_free check (status not in ('open', 'lapsed') or booking_id is null)
            )
            """,
            "create unique index uq_pass_sessions_booking_id on booking.pass_sessions (booking_id)",
            "create unique index uq_pass_sessions_position on booking.pass_sessions (pass_id, position)",
            """
            alter table booking.bookings
                add column pass_id uuid constraint fk_bookings_pass_id references booking.passes (id),
                add column pass_session_id uuid
                    constraint fk_bookings_pass_session_id references booking.pass_sessions (id)
            """,
        ]
    )
