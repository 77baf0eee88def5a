"""Comments on posts and on streams, with one level of replies."""
