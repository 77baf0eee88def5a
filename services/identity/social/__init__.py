"""Signing in by a provider outside: known by issuer and subject, linked to an account only by who both sides know."""
