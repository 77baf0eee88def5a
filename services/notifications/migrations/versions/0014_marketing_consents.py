"""Who consents to news and offers."""

from shared.database.migrate import execute_all

revision = "notifications_0014"
down_revision = "notifications_0013"
branch_labels = None
depends_on = None

TABLE = """
    create table notifications.marketing_consents (
        user_id uuid not null,
        purpose text not null,
        consent_id uuid not null,
        is_given boolean not null,
        constraint pk_marketing_consents primary key (user_id, purpose)
    )
"""


def upgrade() -> None:
    """Creates the table."""
    execute_all([TABLE])
