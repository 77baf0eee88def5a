"""WebSockets of users: connections, and what is written to them."""
