"""A person's zone is null until they name one."""

from alembic import op

revision = "identity_0003"
down_revision = "identity_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Zones that are there stay: whether they were named is not known."""
    op.execute("alter table identity.users alter column timezone drop not null")
