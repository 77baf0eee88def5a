"""The starts that can be booked, kept for searches, and marks that ask for new ones."""

from pathlib import Path

from shared.database.migrate import execute_all, execute_file

revision = "booking_0026"
down_revision = "booking_0025"
branch_labels = None
depends_on = None

TRIGGERS = Path(__file__).parents[2] / "openings" / "marks.sql"
TABLES = [
    """
    create table booking.opening_marks (
        practitioner_id uuid not null,
        id bigint generated always as identity,
        marked_at timestamptz not null default now(),
        constraint pk_opening_marks primary key (practitioner_id, id)
    )
    """,
    """
    create table booking.openings (
        service_id uuid constraint pk_openings primary key,
        practitioner_id uuid not null,
        step_minutes integer not null constraint ck_openings_step check (step_minutes > 0),
        starts tstzmultirange not null,
        rolls_at timestamptz not null,
        changed_at timestamptz not null
    )
    """,
    "create index ix_openings_practitioner_id on booking.openings (practitioner_id)",
    "create index ix_openings_rolls_at on booking.openings (rolls_at)",
    "create index ix_service_copies_practitioner_id on booking.service_copies (practitioner_id)",
]


def upgrade() -> None:
    """A process of the release before leaves marks too, as the triggers do it; this one computes what they ask for."""
    execute_all(TABLES)
    execute_file(TRIGGERS, "booking")
    execute_all(
        [
            "insert into booking.opening_marks (practitioner_id) select distinct practitioner_id from booking.service_copies"
        ]
    )
