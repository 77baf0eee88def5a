"""Disputes of card payments, as Stripe tells of them: while one stands, what the order earned is held."""
