"""A seat that is taken until a deadline, before it is paid."""
