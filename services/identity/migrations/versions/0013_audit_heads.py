"""Identity keeps the heads of all audit logs, so that one whose end was cut shows."""

from pathlib import Path

from shared.database.migrate import execute_all, execute_file

revision = "identity_0013"
down_revision = "identity_0012"
branch_labels = None
depends_on = None

TRIGGERS = Path(__file__).parents[2] / "audit" / "heads.sql"
HEADS = [
    """
    create table identity.audit_heads (
        service varchar not null,
        number bigint not null,
        hash bytea not null,
        received_at timestamptz not null,
        constraint pk_audit_heads primary key (service, number, hash)
    )
    """,
    "revoke update, delete, truncate on identity.audit_heads from estuary_identity",
]


def upgrade() -> None:
    """Makes the table, to which rows are only added."""
    execute_all(HEADS)
    execute_file(TRIGGERS, "identity")
