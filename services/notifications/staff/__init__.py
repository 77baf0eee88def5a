"""What all staff are notified of, once it is known who they are."""
