"""Search in catalog's tables, and pages of what was found."""
