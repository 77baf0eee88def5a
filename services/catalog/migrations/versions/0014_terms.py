"""On which further terms a service is sold: requests, limits, waitlist, series, fees, and what courses need."""

from shared.database.migrate import execute_all

revision = "catalog_0014"
down_revision = "catalog_0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is on sale is sold at once, as before."""
    execute_all(
        [
            """
            alter table catalog.services
                add column booking_mode varchar(32) not null default 'instant'
                    constraint ck_services_booking_mode check (booking_mode in ('instant', 'request')),
                add column decide_within_hours integer not null default 48
                    constraint ck_services_decide_within check (decide_within_hours > 0),
                add column limits jsonb,
                add column waitlist boolean not null default true,
                add column offer_minutes integer not null default 720
                    constraint ck_services_offer_minutes check (offer_minutes > 0),
                add column series_max integer not null default 0
                    constraint ck_services_series_max check (series_max >= 0 and series_max <> 1),
                add column no_show_fee_amount bigint not null default 0
                    constraint ck_services_no_show check (no_show_fee_amount >= 0),
                add column late_cancel_fee_amount bigint not null default 0
                    constraint ck_services_late_cancel check (late_cancel_fee_amount >= 0),
                add column late_join boolean not null default true,
                add column certificate_percent integer
                    constraint ck_services_certificate check (certificate_percent between 1 and 100),
                add constraint ck_services_not_for_type
                    check (service_type = 'session' or (booking_mode = 'instant' and series_max = 0))
            """
        ]
    )
