"""People whom superusers invite to work for the platform, or with it."""
