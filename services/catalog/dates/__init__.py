"""A projection of the dates that booking has of workshops and courses."""
