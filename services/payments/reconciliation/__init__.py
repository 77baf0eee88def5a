"""What Stripe's own lists say, read once a day into a table that invariants compare with ours."""
