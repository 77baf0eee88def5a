"""What Estuary says of itself as a provider of OpenID Connect."""
