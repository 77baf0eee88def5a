"""Vault: customers at Stripe, their saved cards, and the setups by which cards are saved."""
