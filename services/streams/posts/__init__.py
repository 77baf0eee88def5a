"""Posts with their polls."""
