"""Erasure from outside: an instance, its database, its files, what others see, and processes that are killed."""
