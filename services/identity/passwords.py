"""Passwords: argon2id, off the event loop, never more at once than there are cores."""

import asyncio
import os

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from services.identity.settings import IdentitySettings


class Passwords:
    """Hashes and checks passwords at the cost that the settings name."""

    def __init__(self, settings: IdentitySettings) -> None:
        self._hasher = PasswordHasher(
            time_cost=settings.argon2_time_cost,
            memory_cost=settings.argon2_memory_kib,
            parallelism=settings.argon2_parallelism,
        )
        # Made now, so that the first unknown address does not cost twice the time of a known one.
        self._nobodys = self._hasher.hash("the password of nobody")
        # Each hash takes memory and a core for its whole time: a flood of sign-ins queues instead of swapping.
        self._turns = asyncio.Semaphore(os.cpu_count() or 1)

    async def hash(self, password: str) -> str:
        """The encoded hash, with its salt and cost."""
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, stored: str | None, password: str) -> bool:
        """Whether the password is right; without a stored hash it is not, after the same time."""
        async with self._turns:
            return await asyncio.to_thread(self._verify, stored, password)

    def outdated(self, stored: str) -> bool:
        """Whether the hash was made at another cost than today's."""
        return self._hasher.check_needs_rehash(stored)

    def _verify(self, stored: str | None, password: str) -> bool:
        try:
            return self._hasher.verify(stored or self._nobodys, password) and stored is not None
        except (VerifyMismatchError, InvalidHashError):
            return False
