"""What one anonymous caller can send, as scripts whose effect on others is measured."""
