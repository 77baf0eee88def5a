"""Time that a practitioner takes off, which closes every schedule."""
