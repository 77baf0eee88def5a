"""Fans' subscriptions to paid tiers, as payments publishes them."""
