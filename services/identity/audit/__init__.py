"""The audit logs of all services: one list of what staff did, and whether each log is as it was sealed."""
