"""Passwords: argon2id, off the event loop, never more at once than there are cores, and few that wait."""

import asyncio
import os
import unicodedata
from collections.abc import Awaitable, Callable
from typing import Any

from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from services.identity.accounts.errors import CallerLeft
from services.identity.accounts.workspace import Workspace
from services.identity.settings import IdentitySettings
from shared.errors import Overloaded

WAITING_PER_CORE = 8
IDLE_SECONDS = 0.5
"""After which time without a check its memory goes back to the system."""
HasLeft = Callable[[], Awaitable[bool]]
"""Whether the caller has closed the connection: then the result is not needed."""


async def _stays_connected() -> bool:
    return False


class Passwords:
    """Hashes and checks passwords at the cost that the settings name."""

    def __init__(self, settings: IdentitySettings, cores: int = 0) -> None:
        """`cores`: how many are used; 0 for those of the machine."""
        self._hasher = PasswordHasher(
            time_cost=settings.argon2_time_cost,
            memory_cost=settings.argon2_memory_kib,
            parallelism=settings.argon2_parallelism,
        )
        # Made now, so that the first unknown address does not cost twice the time of a known one.
        self._dummy_hash = self._hasher.hash("not the password of any account")
        # Each hash takes memory and a core for its whole time: a flood of sign-ins queues instead of swapping.
        self._cores = cores or os.cpu_count() or 1
        self._running = asyncio.Semaphore(self._cores)
        self._under_way = 0
        self._workspaces: list[Workspace] = []
        """Those that are free now; of all there are as many as have run at once."""
        self._releasing: asyncio.TimerHandle | None = None

    async def hash(self, password: str, has_left: HasLeft = _stays_connected) -> str:
        """The encoded hash, with its salt and cost; Overloaded where too many wait."""
        return str(await self._queued(has_left, self._hasher.hash, composed(password)))

    async def matches(self, stored: str | None, password: str, has_left: HasLeft = _stays_connected) -> bool:
        """Whether the password is right; without a stored hash it is not, after the same time. Overloaded as above."""
        return bool(await self._queued(has_left, self._verify, stored, password))

    def outdated(self, stored: str) -> bool:
        """Whether the hash was made at another cost than today's."""
        return self._hasher.check_needs_rehash(stored)

    async def _queued(self, has_left: HasLeft, work: Callable[..., Any], *given: Any) -> Any:
        if self._under_way >= self._cores * (1 + WAITING_PER_CORE):
            raise Overloaded
        self._under_way += 1
        try:
            async with self._running:
                if await has_left():
                    raise CallerLeft
                return await asyncio.to_thread(work, *given)
        finally:
            self._under_way -= 1
            self._release_later()

    def _release_later(self) -> None:
        if self._releasing is not None:
            self._releasing.cancel()
        self._releasing = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._release)

    def _release(self) -> None:
        if not self._under_way:
            for workspace in self._workspaces:
                workspace.release()

    def _verify(self, stored: str | None, password: str) -> bool:
        return any(self._is_of(stored, spelling) for spelling in spellings(password))

    def _is_of(self, stored: str | None, password: str) -> bool:
        try:
            return self._check(stored or self._dummy_hash, password) and bool(stored)
        except (VerifyMismatchError, InvalidHashError):
            return False

    def _check(self, stored: str, password: str) -> bool:
        if self.outdated(stored):
            return self._hasher.verify(stored, password)
        workspace = self._free_workspace(stored)
        try:
            return workspace.matches(stored, password)
        finally:
            self._workspaces.append(workspace)

    def _free_workspace(self, stored: str) -> Workspace:
        try:
            return self._workspaces.pop()
        except IndexError:  # asked first, another thread could take the last one
            return Workspace(extract_parameters(stored))


def composed(password: str) -> str:
    """The form that is hashed (NFC), since keyboards and systems write `é` as one code point or as two."""
    return unicodedata.normalize("NFC", password)


def spellings(password: str) -> tuple[str, ...]:
    """The form that is hashed, then one that a hash from before there was one may be of: as it is typed now, or, where
    that is composed, with each accent apart.

    One for ASCII, never more than two: a wrong password costs as many hashes, the same for every address.
    """
    first = composed(password)
    second = password if password != first else unicodedata.normalize("NFD", password)
    return (first,) if second == first else (first, second)
