"""Streams: opened by creators, listed, followed, liked, saved, commented."""
