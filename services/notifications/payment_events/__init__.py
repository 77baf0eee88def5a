"""What follows from refunds, payouts, and the bills of subscriptions."""
