"""People who are gone, and practitioners without approval: what is not paid to them by itself."""
