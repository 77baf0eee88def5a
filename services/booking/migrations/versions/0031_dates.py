"""Sessions that are announced before they are booked, by themselves or by a series."""

from shared.database.migrate import execute_all

revision = "booking_0031"
down_revision = "booking_0030"
branch_labels = None
depends_on = None

ACTIVE = "active = case when cancelled_at is not null then false when announced then true else taken > 0 end"


def upgrade() -> None:
    """A process of the release before announces none, and cannot give back the last seat of one."""
    execute_all(
        [
            """
            create table booking.series (
                id uuid constraint pk_series primary key,
                practitioner_id uuid not null,
                service_id uuid not null,
                rrule text not null,
                start_date date not null,
                start_time varchar(5) not null,
                timezone varchar(64) not null,
                left_out date[] not null,
                written_until date,
                write_at timestamptz,
                ended_at timestamptz,
                created_at timestamptz not null,
                constraint ck_series_written check ((written_until is null) = (write_at is null))
            )
            """,
            "create index ix_series_write_at on booking.series (write_at) where ended_at is null",
            """
            alter table booking.sessions
              add column announced boolean not null default false,
              add column series_id uuid constraint fk_sessions_series_id_series
                  references booking.series (id) on delete set null,
              add column cancelled_at timestamptz
            """,
            f"""
            alter table booking.sessions
              drop constraint ck_sessions_seats,
              add constraint ck_sessions_seats check (taken between 0 and capacity),
              add constraint ck_sessions_active check ({ACTIVE}),
              add constraint ck_sessions_series check (series_id is null or announced)
            """,
            "create index ix_sessions_dates on booking.sessions (service_id, start_time) where announced",
            "create index ix_sessions_series_id on booking.sessions (series_id) where series_id is not null",
        ]
    )
