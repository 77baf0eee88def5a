"""Stripe: its calls, its objects, and a record of every call that moves money."""
