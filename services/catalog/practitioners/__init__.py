"""Practitioners: who sells services here, and whether staff have approved them."""
