"""The currency of the install."""

from shared.database.migrate import execute_all

revision = "payments_0011"
down_revision = "payments_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table of one row; where something was sold already, its currency is the install's."""
    execute_all(
        [
            """
            create table payments.install (
                id smallint constraint pk_install primary key constraint ck_install_one check (id = 1),
                currency varchar(3) not null constraint ck_install_currency check (currency ~ '^[A-Z]{3}$'),
                started_at timestamptz not null
            )
            """,
            """
            insert into payments.install (id, currency, started_at)
                select 1, currency, least(now(), created_at) from payments.orders order by created_at limit 1
            """,
        ]
    )
