"""Which events mean something to us. The map is at the end; each handler fetches the object, the event is a hint."""

from collections.abc import Awaitable, Callable

from services.payments.chargebacks import service as chargebacks
from services.payments.orders import service as orders
from services.payments.payouts import service as payouts
from services.payments.refunds import sync as refunds
from services.payments.runtime import PaymentsRuntime
from services.payments.vault import customers, setups
from services.payments.vault import service as cards
from services.payments.webhooks.models import StripeEvent

Handler = Callable[[PaymentsRuntime, StripeEvent], Awaitable[None]]


def _of_platform(sync: Callable[[PaymentsRuntime, str], Awaitable[object]]) -> Handler:
    """Fetches the object unless it is on a practitioner's own account, where it is none of ours."""

    async def handle(runtime: PaymentsRuntime, event: StripeEvent) -> None:
        if event.account is None:
            await sync(runtime, event.object_id)

    return handle


async def bank_payout_changed(runtime: PaymentsRuntime, event: StripeEvent) -> None:
    """A bank payout on a practitioner's account went on; those of our own account are the operator's business."""
    if event.account is not None:
        await payouts.apply_bank_payout(runtime, event.object_id, event.account)


async def account_changed(runtime: PaymentsRuntime, event: StripeEvent) -> None:
    """A practitioner went on with onboarding, or Stripe wants something from them."""
    await payouts.account_changed(runtime, event.object_id)


async def part_of_account_changed(runtime: PaymentsRuntime, event: StripeEvent) -> None:
    """What a practitioner's account may do, its bank, or our access to it is another one."""
    if event.account is not None:
        await payouts.account_changed(runtime, event.account)


intent_changed = _of_platform(orders.sync_intent)
transfer_reversed = _of_platform(payouts.transfer_reversed)
refund_changed = _of_platform(refunds.sync_refund)
"""There are refunds on practitioners' accounts too: those are reversals of transfers."""
charge_refunded = _of_platform(refunds.sync_charge)
dispute_changed = _of_platform(chargebacks.sync_dispute)
setup_changed = _of_platform(setups.sync_setup)
card_changed = _of_platform(cards.sync_card)
customer_deleted = _of_platform(customers.sync_customer)

HANDLERS: dict[str, Handler] = {
    "payment_intent.succeeded": intent_changed,
    "payment_intent.amount_capturable_updated": intent_changed,
    "payment_intent.processing": intent_changed,
    "payment_intent.requires_action": intent_changed,
    "payment_intent.payment_failed": intent_changed,
    "payment_intent.canceled": intent_changed,
    "setup_intent.succeeded": setup_changed,
    "setup_intent.requires_action": setup_changed,
    "setup_intent.setup_failed": setup_changed,
    "setup_intent.canceled": setup_changed,
    "payment_method.automatically_updated": card_changed,
    "payment_method.updated": card_changed,
    "payment_method.detached": card_changed,
    "customer.deleted": customer_deleted,
    "refund.created": refund_changed,
    "refund.updated": refund_changed,
    "refund.failed": refund_changed,
    "charge.refund.updated": refund_changed,
    "charge.refunded": charge_refunded,
    "charge.dispute.created": dispute_changed,
    "charge.dispute.updated": dispute_changed,
    "charge.dispute.funds_withdrawn": dispute_changed,
    "charge.dispute.funds_reinstated": dispute_changed,
    "charge.dispute.closed": dispute_changed,
    "capability.updated": part_of_account_changed,
    "account.application.deauthorized": part_of_account_changed,
    "account.external_account.created": part_of_account_changed,
    "account.external_account.deleted": part_of_account_changed,
    "account.external_account.updated": part_of_account_changed,
    "transfer.reversed": transfer_reversed,
    "payout.updated": bank_payout_changed,
    "payout.paid": bank_payout_changed,
    "payout.failed": bank_payout_changed,
    "payout.canceled": bank_payout_changed,
    "account.updated": account_changed,
}
