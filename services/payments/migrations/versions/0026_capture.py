"""Orders that are captured by hand: their card is authorised first."""

from shared.database.migrate import execute_all

revision = "payments_0026"
down_revision = "payments_0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """All that there are were charged with their confirmation; the default is for the release before."""
    execute_all(
        [
            """
            alter table payments.orders
                add column capture varchar(32) not null default 'automatic'
                    constraint ck_orders_capture check (capture in ('automatic', 'manual')),
                add column capture_before timestamptz,
                drop constraint ck_orders_status,
                add constraint ck_orders_status
                    check (status in ('open', 'authorized', 'paid', 'cancelled', 'paid_late'))
            """,
        ]
    )
