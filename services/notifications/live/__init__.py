"""The frames of a person's sockets: stored in order, sent as they come, resumed without loss."""
