"""Who takes part in a conversation, who may write to whom, and blocks."""
