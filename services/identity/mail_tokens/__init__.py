"""Mails that identity has sent: one row each, with or without a token in it."""
