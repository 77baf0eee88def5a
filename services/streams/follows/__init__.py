"""Who follows which stream, on which tier."""
