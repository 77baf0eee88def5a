"""Services: what practitioners sell."""
