"""Roles: what each may, and who has which."""
