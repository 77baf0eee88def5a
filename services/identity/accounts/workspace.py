"""Argon2 in memory that stays while passwords are checked: the library takes fresh memory for each of them, and the
system then finds and clears its pages, which is a third of the CPU of a check.
"""

import hmac
import mmap
from base64 import b64decode
from typing import Any

from argon2 import Parameters
from argon2.exceptions import VerificationError
from argon2.low_level import Type, core, error_to_str, ffi


class Workspace:
    """Memory for one check at a time: it comes with the first one and stays until `release`. Argon2 wipes it."""

    def __init__(self, cost: Parameters) -> None:
        """For hashes of this cost."""
        self._cost = cost
        self._memory = mmap.mmap(-1, cost.memory_cost * 1024, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        self._lent = ffi.from_buffer("uint8_t[]", self._memory)
        self._allocate = ffi.callback("int(uint8_t **, size_t)", self._lend)
        self._free = ffi.callback("void(uint8_t *, size_t)", lambda _place, _size: None)

    def matches(self, stored: str, password: str) -> bool:
        """Whether it is the password of that hash, which has to be of this cost."""
        salt, digest = (b64decode(part + "=" * (-len(part) % 4)) for part in stored.split("$")[-2:])
        return hmac.compare_digest(self._digest(password.encode(), salt, len(digest)), digest)

    def release(self) -> None:
        """Gives the memory back to the system until the next check."""
        self._memory.madvise(mmap.MADV_DONTNEED)

    def _digest(self, password: bytes, salt: bytes, length: int) -> bytes:
        cost, out = self._cost, ffi.new("uint8_t[]", length)
        given: dict[str, Any] = {"out": out, "outlen": length}
        given |= {"pwd": ffi.from_buffer("uint8_t[]", password), "pwdlen": len(password)}
        given |= {"salt": ffi.from_buffer("uint8_t[]", salt), "saltlen": len(salt)}
        given |= {"t_cost": cost.time_cost, "m_cost": cost.memory_cost, "version": cost.version}
        given |= {"lanes": cost.parallelism, "threads": cost.parallelism}
        given |= {"allocate_cbk": self._allocate, "free_cbk": self._free}
        error = core(ffi.new("argon2_context *", given), Type.ID.value)
        if error:
            raise VerificationError(error_to_str(error))
        return bytes(out)

    def _lend(self, place: Any, size: int) -> int:
        """Without memory argon2 reports an error: it asks for more than the cost says."""
        if size > len(self._memory):
            return -1
        place[0] = self._lent
        return 0
