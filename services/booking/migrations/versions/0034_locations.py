"""Where sessions take place, and how far apart in time what is at two places is."""

from shared.database.migrate import execute_all

revision = "booking_0034"
down_revision = "booking_0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A process of the release before writes sessions at no place, as all were until now."""
    execute_all(
        [
            """
            create table booking.locations (
                location_id uuid constraint pk_locations primary key,
                practitioner_id uuid not null,
                is_virtual boolean not null
            )
            """,
            "create index ix_locations_practitioner_id on booking.locations (practitioner_id)",
            """
            alter table booking.schedules add column travel_minutes integer not null default 0
                constraint ck_schedules_travel check (travel_minutes between 0 and 480)
            """,
            "alter table booking.service_copies add column location_ids uuid[] not null default '{}'",
            "alter table booking.resources add column location_id uuid",
            "alter table booking.bookings add column location_id uuid",
            "alter table booking.series add column location_id uuid",
            """
            alter table booking.sessions
                add column location_id uuid,
                add column place_id uuid,
                add column away_until timestamptz,
                add constraint ck_sessions_away
                    check (place_id is null or (away_until is not null and away_until >= end_time)),
                add constraint ex_sessions_travel exclude using gist
                    (practitioner_id with =, place_id with <>, tstzrange(start_time, away_until) with &&)
                    where (active and place_id is not null)
            """,
        ]
    )
