"""Waiting for a seat of a full session, taking the seat that is offered, and inviting a client to one."""
