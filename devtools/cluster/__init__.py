"""The product as one process per service and kind on this machine."""
