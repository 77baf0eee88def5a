"""What follows from refunds and payouts."""
