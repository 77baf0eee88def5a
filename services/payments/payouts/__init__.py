"""Paying practitioners out: their Stripe account, requests, staff's decisions, transfer and bank payout."""
