"""A projection of catalog's services."""
