"""What can be subscribed to, at which prices."""
