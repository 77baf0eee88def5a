"""Data keys: what seals secrets at rest, wrapped by the operator's keys."""

from alembic import op

revision = "identity_0008"
down_revision = "identity_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table of its own; signing keys that an earlier release encrypted are followed by new ones."""
    op.execute(
        """
        create table identity.data_keys (
            id uuid not null,
            wrapped bytea not null,
            wrapped_by varchar(40) not null,
            created_at timestamptz not null,
            constraint pk_data_keys primary key (id)
        )
        """
    )
