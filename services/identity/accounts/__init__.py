"""Accounts: people with an address, a name and a password."""
