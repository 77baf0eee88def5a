"""Some steps are due by business time: what is not captured within seven days is given back."""

from shared.database.migrate import execute_all

revision = "sandbox_0005"
down_revision = "sandbox_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds a column."""
    execute_all(["alter table sandbox.steps add column by_clock boolean not null default false"])
