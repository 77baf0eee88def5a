"""The ids of people who were erased, of whom nothing is stored again, and of those who are to be."""

from shared.database.migrate import create_erased, execute_all

revision = "payments_0020"
down_revision = "payments_0019"
branch_labels = None
depends_on = None

WAITING = """
    create table payments.erasures_waiting (
        user_id uuid constraint pk_erasures_waiting primary key,
        erasure_id uuid not null
    )
"""


def upgrade() -> None:
    """Creates two tables."""
    create_erased("payments")
    execute_all([WAITING])
