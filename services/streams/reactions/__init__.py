"""Likes of streams and posts, and saved streams: a row per user and subject."""
