"""Search in folded texts, for the lists of streams, posts and comments."""
