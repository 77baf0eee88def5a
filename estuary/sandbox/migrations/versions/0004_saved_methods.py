"""The payment methods of a customer are listed."""

from shared.database.migrate import execute_all

revision = "sandbox_0004"
down_revision = "sandbox_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the index."""
    execute_all(
        ["create index ix_objects_customer on sandbox.objects ((data->>'customer'), seq) where kind = 'payment_method'"]
    )
