"""What people may say of themselves."""

from shared.database.migrate import execute_all

revision = "identity_0011"
down_revision = "identity_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds columns that are empty until they are filled in."""
    execute_all(CHANGES)


CHANGES = [
    """
    alter table identity.users
        add column phone varchar(16),
        add column bio text,
        add column location varchar(200),
        add column locale varchar(35),
        add column preferences jsonb not null default '{}'
    """,
]
