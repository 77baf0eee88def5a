"""Categories: what a service can be filed under."""
