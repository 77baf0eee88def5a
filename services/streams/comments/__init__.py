"""Comments on posts and on streams, with one level of replies, and the short names of those who write them."""
