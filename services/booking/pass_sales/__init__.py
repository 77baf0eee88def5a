"""Selling passes: buying them, changing how long they are valid, returning them."""
