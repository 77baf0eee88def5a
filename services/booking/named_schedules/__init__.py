"""Named schedules, and which services use them."""
