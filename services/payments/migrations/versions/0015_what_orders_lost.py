"""What refunds took of an order, and what clients' banks hold of it, stand with the order."""

from shared.database.migrate import execute_all

revision = "payments_0015"
down_revision = "payments_0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the three amounts and fills them from refunds and disputes."""
    execute_all(
        [
            """
            alter table payments.orders
                add column refunded_card bigint not null default 0,
                add column refunded_credits bigint not null default 0,
                add column disputed bigint not null default 0
            """,
            """
            update payments.orders o set refunded_card = r.card, refunded_credits = r.credits
            from (
                select order_id, sum(card - settles) as card, sum(credits) as credits
                from payments.refunds group by order_id
            ) r
            where r.order_id = o.id
            """,
            """
            update payments.orders o set disputed = c.amount
            from (
                select order_id, sum(amount) as amount from payments.chargebacks
                where status in ('needs_response', 'under_review', 'lost') group by order_id
            ) c
            where c.order_id = o.id
            """,
            """
            alter table payments.orders
                alter column refunded_card drop default,
                alter column refunded_credits drop default,
                alter column disputed drop default,
                add constraint ck_orders_refunded check (refunded_card between 0 and amount_due
                    and refunded_credits between 0 and credits_applied),
                add constraint ck_orders_disputed check (disputed >= 0)
            """,
        ]
    )
