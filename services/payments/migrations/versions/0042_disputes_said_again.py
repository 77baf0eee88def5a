"""Booking hears how disputes of its orders stand that payments knew before it published them."""

from shared.database.migrate import execute_all

revision = "payments_0042"
down_revision = "payments_0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A standing that was published already means the same again."""
    execute_all([SAY])


SAY = """
    insert into payments.outbox (event_id, type, version, topic, key, payload, occurred_at)
    select gen_random_uuid(), case chargeback when 'open' then 'ChargebackOpened' else 'ChargebackEnded' end,
        1, 'estuary.payments', id,
        jsonb_build_object('order_id', id, 'booking_id', booking_id, 'client_id', client_id, 'kind', kind,
            'subject_id', subject_id)
            || case chargeback when 'open' then '{}' else jsonb_build_object('outcome', chargeback) end,
        now()
    from payments.orders
    where chargeback is not null and booking_id is not null
"""
