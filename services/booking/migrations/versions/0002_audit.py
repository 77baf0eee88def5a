"""The audit trail of staff who cancel and refund for others."""

from shared.database.migrate import execute_all

revision = "booking_0002"
down_revision = "booking_0001"
branch_labels = None
depends_on = None

AUDIT = [
    """
    create table booking.audit (
        id uuid constraint pk_audit primary key,
        actor_id uuid not null,
        action varchar(64) not null,
        subject_id uuid not null,
        before jsonb not null,
        after jsonb not null,
        created_at timestamptz not null
    )
    """,
    "create index ix_audit_subject_id on booking.audit (subject_id)",
    "revoke update, delete, truncate on booking.audit from estuary_booking",
]


def upgrade() -> None:
    """Creates the table, which the service may only add to."""
    execute_all(AUDIT)
