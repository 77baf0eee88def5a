"""Helpers for asyncio: the end of background tasks, and wake-ups that are never missed."""
