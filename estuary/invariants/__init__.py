"""What must always be true, within each service and between services."""
