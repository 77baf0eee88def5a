"""A card is offered once at a time."""

from shared.database.migrate import execute_all

revision = "payments_0047"
down_revision = "payments_0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of several offers of a card the last one stays."""
    execute_all(
        [
            """
            delete from payments.card_offers a using payments.card_offers b
            where a.user_id = b.user_id and a.method_id = b.method_id and a.id < b.id
            """,
            """
            alter table payments.card_offers
                add constraint uq_card_offers_user_id_method_id unique (user_id, method_id)
            """,
        ]
    )
