"""One registration and some checkouts against a whole instance: what the collector and the log see of them."""
