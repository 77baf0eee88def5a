"""The clients in `clients/`, which are generated from the one document."""
