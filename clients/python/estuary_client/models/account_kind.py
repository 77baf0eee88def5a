from enum import StrEnum


class AccountKind(StrEnum):
    CLIENT_CREDITS = "client_credits"
    CLIENT_DEBT = "client_debt"
    CONNECTED_CLEARING = "connected_clearing"
    CREDITS_EXPIRED = "credits_expired"
    CREDITS_HELD = "credits_held"
    ORDER_ESCROW = "order_escrow"
    PAID_OUTSIDE = "paid_outside"
    PLATFORM_REVENUE = "platform_revenue"
    PROCESSOR_FEES = "processor_fees"
    PROMOTION_COSTS = "promotion_costs"
    REFUNDS_OWED = "refunds_owed"
    SELLER_AVAILABLE = "seller_available"
    SELLER_DEBT = "seller_debt"
    SELLER_IN_PAYOUT = "seller_in_payout"
    SELLER_PENDING = "seller_pending"
    STRIPE_CLEARING = "stripe_clearing"
    SUBSCRIPTION_REVENUE = "subscription_revenue"

    def __str__(self) -> str:
        return str(self.value)
