"""Channels: what the API calls streams, with their tiers. The name keeps them apart from the service."""
