"""Passkeys of an account: added, named, deleted."""
