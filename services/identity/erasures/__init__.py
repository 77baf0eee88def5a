"""Erasure of people: asked for, waited for until nothing is open, done by every service, and proven."""
