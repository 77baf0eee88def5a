"""What follows from posts and comments."""
