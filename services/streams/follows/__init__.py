"""Who follows which stream, on which level."""
