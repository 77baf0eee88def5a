"""Identity keeps the heads of all audit logs, so that one whose end was cut shows."""

from shared.database.migrate import execute_all

revision = "identity_0013"
down_revision = "identity_0012"
branch_labels = None
depends_on = None

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
    "create trigger audit_heads_keep before update or delete on identity.audit_heads"
    " for each row execute function identity.audit_keep()",
    "create trigger audit_heads_keep_all before truncate on identity.audit_heads"
    " for each statement execute function identity.audit_keep()",
    "revoke update, delete, truncate on identity.audit_heads from estuary_identity",
]


def upgrade() -> None:
    """Makes the table, to which rows are only added."""
    execute_all(HEADS)
