"""Clients: the apps that sign people in by Estuary, as superusers register them."""
