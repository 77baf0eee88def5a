"""Conversations with unread messages: one notification each until it is read, a mail after five minutes."""
