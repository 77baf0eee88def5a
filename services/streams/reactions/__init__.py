"""Likes of streams and posts, and saved streams."""
