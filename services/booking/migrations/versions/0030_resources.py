"""Resources of practitioners, and which sessions have their units."""

from pathlib import Path

from shared.database.migrate import execute_all, execute_file

revision = "booking_0030"
down_revision = "booking_0029"
branch_labels = None
depends_on = None

TRIGGERS = Path(__file__).parents[2] / "resources" / "marks.sql"


def upgrade() -> None:
    """A process of the release before takes no units for sessions that it opens, and leaves those of one that it ends."""
    execute_all(
        [
            """
            create table booking.resources (
                id uuid constraint pk_resources primary key,
                practitioner_id uuid not null,
                name varchar(200) not null,
                kind varchar(32) not null constraint ck_resources_kind check (kind in ('room', 'equipment', 'crew')),
                quantity integer not null constraint ck_resources_quantity check (quantity between 1 and 100),
                shared_with uuid[] not null,
                created_at timestamptz not null,
                updated_at timestamptz not null
            )
            """,
            "create index ix_resources_practitioner_id on booking.resources (practitioner_id)",
            "create index ix_resources_shared_with on booking.resources using gin (shared_with)",
            """
            create table booking.resource_uses (
                session_id uuid not null
                    constraint fk_resource_uses_session_id_sessions references booking.sessions (id),
                resource_id uuid not null constraint fk_resource_uses_resource_id_resources
                    references booking.resources (id) on delete cascade,
                unit integer not null constraint ck_resource_uses_unit check (unit > 0),
                start_time timestamptz not null,
                end_time timestamptz not null,
                blocked_from timestamptz not null,
                blocked_until timestamptz not null,
                constraint pk_resource_uses primary key (session_id, resource_id, unit),
                constraint ck_resource_uses_times
                    check (blocked_from <= start_time and start_time < end_time and end_time <= blocked_until),
                constraint ex_resource_uses_after exclude using gist
                    (resource_id with =, unit with =, tstzrange(start_time, blocked_until) with &&),
                constraint ex_resource_uses_before exclude using gist
                    (resource_id with =, unit with =, tstzrange(blocked_from, end_time) with &&)
            )
            """,
            "alter table booking.service_copies add column resources jsonb not null default '[]'",
        ]
    )
    execute_file(TRIGGERS, "booking")
