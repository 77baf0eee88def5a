"""Webhooks: what Stripe tells us, stored first and acted on afterwards."""
