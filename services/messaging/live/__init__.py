"""Open chats: the sockets of a conversation, who has it open, who types."""
