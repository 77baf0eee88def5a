"""What is left of an account that was deactivated or erased."""
