"""Named schedules, and the services that use them."""

from shared.database.migrate import execute_all

revision = "booking_0023"
down_revision = "booking_0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A process of the release before follows the usual hours, as it does not look."""
    execute_all(
        [
            """
            create table booking.named_schedules (
                id uuid constraint pk_named_schedules primary key,
                practitioner_id uuid not null,
                name varchar(200) not null,
                timezone varchar(64) not null,
                weekly jsonb not null,
                overrides jsonb not null,
                zone_changes jsonb not null default '[]',
                created_at timestamptz not null,
                updated_at timestamptz not null
            )
            """,
            "create index ix_named_schedules_practitioner_id on booking.named_schedules (practitioner_id)",
            """
            create table booking.schedule_uses (
                service_id uuid constraint pk_schedule_uses primary key,
                practitioner_id uuid not null,
                schedule_id uuid not null constraint fk_schedule_uses_schedule_id_named_schedules
                    references booking.named_schedules (id) on delete cascade
            )
            """,
            "create index ix_schedule_uses_schedule_id on booking.schedule_uses (schedule_id)",
        ]
    )
