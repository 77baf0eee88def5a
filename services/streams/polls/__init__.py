"""Polls: the options of a post, and one vote per user."""
