"""Judges of our side of Stripe: its own published schema for what the sandbox answers, stripe-mock for what we call."""

VERSION = "v0.203.0"
"""Of github.com/stripe/stripe-mock."""
