"""On which further terms a service is sold, as catalog says."""

from shared.database.migrate import execute_all

revision = "booking_0025"
down_revision = "booking_0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Until now only sessions were sold, and at once."""
    execute_all(
        [
            """
            alter table booking.service_copies
                add column service_type varchar(16) not null default 'session',
                add column booking_mode varchar(16) not null default 'instant',
                add column decide_within_hours integer not null default 48,
                add column limits jsonb,
                add column waitlist boolean not null default true,
                add column offer_minutes integer not null default 720,
                add column series_max integer not null default 0,
                add column no_show_fee_amount bigint not null default 0,
                add column late_cancel_fee_amount bigint not null default 0,
                add column late_join boolean not null default true,
                add column certificate_percent integer
            """
        ]
    )
