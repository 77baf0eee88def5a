"""Messages: sent once per client_id, numbered per conversation, listed and searched."""
