"""How the card that pays an order is saved, and as whose Stripe knows the order's intent."""

from shared.database.migrate import execute_all

revision = "payments_0029"
down_revision = "payments_0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No order has saved a card; the defaults are for the release before, which does not know the columns."""
    execute_all(
        [
            """
            alter table payments.orders
                add column stripe_customer_id varchar,
                add column saving varchar(32) not null default 'on_request'
                    constraint ck_orders_saving check (saving in ('on_request', 'always', 'before')),
                add column saves_card boolean not null default false
            """,
        ]
    )
