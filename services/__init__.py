"""The services: independent of each other, each with a schema of its own."""
