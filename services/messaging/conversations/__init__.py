"""Conversations: opened by users or by a confirmed booking, listed, searched, read, left."""
