"""The toy's one table, for the tests of shared."""

from alembic import op

from shared.database.migrate import chain_audit, create_audit, create_retention, create_system_tables, create_throttle

revision, down_revision, branch_labels, depends_on = "toy_0001", None, None, None


def upgrade() -> None:
    """Creates the system tables and `things`."""
    create_system_tables("toy")
    create_audit("toy")
    chain_audit("toy")
    create_throttle("toy")
    create_retention("toy")
    op.execute("create table toy.things (id uuid primary key, name text not null unique, at timestamptz not null)")
