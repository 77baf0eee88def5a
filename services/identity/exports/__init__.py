"""Exports: what all services hold of a person, gathered by a job, sealed until it is fetched, for seven days."""
