"""Credits: grants that a client can spend, and which order took which of them."""
