"""Several cards may have been refused for one bill: none of them is tried again."""

from shared.database.migrate import execute_all

revision = "payments_0037"
down_revision = "payments_0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No release has had the column that goes."""
    execute_all(
        [
            """
            alter table payments.subscriptions
                add column refused_methods uuid[] not null default '{}',
                drop column refused_method
            """,
        ]
    )
