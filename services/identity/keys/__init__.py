"""The keys that sign access tokens and ID tokens: made on first need, encrypted at rest, replaced with an overlap."""
