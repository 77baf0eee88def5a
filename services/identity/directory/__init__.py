"""Accounts as staff look them up."""
