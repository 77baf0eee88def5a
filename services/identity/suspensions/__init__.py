"""Accounts that staff suspend for a time, and restore."""
