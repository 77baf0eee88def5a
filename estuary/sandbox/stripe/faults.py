"""When webhooks leave, and how often: at once and once, unless somebody asked for trouble."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

# What tells a marketplace something that it did not just hear as the answer to its own call.
WORTH_SENDING = frozenset(
    {
        "account.updated",
        "capability.updated",
        "charge.dispute.closed",
        "charge.dispute.created",
        "charge.dispute.funds_reinstated",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.updated",
        "charge.refunded",
        "customer.deleted",
        "payment_intent.amount_capturable_updated",
        "payment_intent.canceled",
        "payment_intent.payment_failed",
        "payment_intent.processing",
        "payment_intent.requires_action",
        "payment_intent.succeeded",
        "payment_method.attached",
        "payment_method.automatically_updated",
        "payment_method.detached",
        "payment_method.updated",
        "payout.canceled",
        "payout.created",
        "payout.failed",
        "payout.paid",
        "radar.early_fraud_warning.created",
        "refund.created",
        "refund.failed",
        "refund.updated",
        "setup_intent.requires_action",
        "setup_intent.setup_failed",
        "setup_intent.succeeded",
        "transfer.created",
        "transfer.reversed",
    }
)
SHUFFLED_OVER = 1.5


@dataclass(slots=True)
class Faults:
    """What goes wrong with webhooks: seconds of delay, copies of each, and whether their order is mixed."""

    delay_seconds: float = 0
    copies: int = 1
    shuffle: bool = False


class Webhooks:
    """Which events are sent, and when; `faults` is replaced as a whole."""

    def __init__(self, chosen: str = "") -> None:
        """`chosen`: types separated by commas, `*` for all, empty for those worth sending."""
        self.every = chosen.strip() == "*"
        self.types = frozenset(filter(None, (name.strip() for name in chosen.split(",")))) or WORTH_SENDING
        self.faults = Faults()

    def due(self, kind: str, now: datetime) -> list[datetime]:
        """The moments (machine time) at which an event of that type is to be sent; none if nobody wants it."""
        if not (self.every or kind in self.types):
            return []
        faults = self.faults
        return [now + timedelta(seconds=faults.delay_seconds + _mix(faults)) for _ in range(faults.copies)]


def _mix(faults: Faults) -> float:
    return random.uniform(0, SHUFFLED_OVER) if faults.shuffle else 0
