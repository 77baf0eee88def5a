"""Working hours and the slots they offer."""
