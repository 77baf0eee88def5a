"""What must always hold in payments: each statement returns the rows that break its promise, so none.

Rows younger than 60 seconds are judged only when they are final. Amounts are minor units.
"""

from services.payments.billing import invariants as billing
from services.payments.credits import invariants as credits
from services.payments.earnings import invariants as earnings
from services.payments.holds import invariants as holds
from services.payments.ledger import invariants as ledger
from services.payments.memberships import invariants as memberships
from services.payments.orders import invariants as orders
from services.payments.payouts import invariants as payouts
from services.payments.reconciliation import invariants as reconciliation
from services.payments.refunds import invariants as refunds
from services.payments.stripe import invariants as stripe
from services.payments.vault import invariants as vault
from services.payments.webhooks import invariants as webhooks

INVARIANTS: dict[str, str] = {
    **ledger.INVARIANTS,
    **stripe.INVARIANTS,
    **orders.INVARIANTS,
    **credits.INVARIANTS,
    **earnings.INVARIANTS,
    **holds.INVARIANTS,
    **refunds.INVARIANTS,
    **payouts.INVARIANTS,
    **vault.INVARIANTS,
    **webhooks.INVARIANTS,
    **reconciliation.INVARIANTS,
    **billing.INVARIANTS,
    **memberships.INVARIANTS,
    "no event is parked": """
        select seq, type, key, error from payments.parked
    """,
}
