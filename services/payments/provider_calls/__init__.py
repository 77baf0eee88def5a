"""Calls to Stripe that move money: what was asked under which key, and what is known of the outcome."""
