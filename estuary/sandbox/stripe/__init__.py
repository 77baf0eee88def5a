"""Stripe's REST API, the part that a marketplace with Connect uses, as a sandbox for development and tests.

Objects are JSON documents in the schema `sandbox`; each call is one transaction; webhooks leave from a stored queue.
"""
