"""Subscriptions of an instance that is killed."""
