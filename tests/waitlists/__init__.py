"""Waitlists under load and while processes die."""
