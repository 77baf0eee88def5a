"""Business time. Services ask a Clock; machine time (tokens, leases, back-off) is `machine_now`."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Where business time comes from."""

    def now(self) -> datetime:
        """The present moment of the business, aware and in UTC."""
        ...


def machine_now() -> datetime:
    """The machine's own time, aware and in UTC: for tokens, signatures, leases and back-off, never for business."""
    return datetime.now(UTC)


class SystemClock:
    """Business time is the machine's time: what production uses."""

    def now(self) -> datetime:
        """The machine's time, in UTC."""
        return machine_now()


class SandboxClock:
    """The machine's time plus an offset that only grows; who sets the offset stores it first."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self.offset = offset

    def now(self) -> datetime:
        """The machine's time plus the offset, in UTC."""
        return machine_now() + self.offset

    def set_offset(self, offset: timedelta) -> None:
        """Moves business time forward; an offset below the present one is ignored, time never goes back."""
        self.offset = max(self.offset, offset)


class FixedClock:
    """Business time stands still until it is moved: for tests."""

    def __init__(self, now: datetime) -> None:
        self.moment = now

    def now(self) -> datetime:
        """The moment that was set last."""
        return self.moment

    def set(self, moment: datetime) -> None:
        """Moves to that moment (aware)."""
        self.moment = moment

    def advance(self, step: timedelta) -> None:
        """Moves on by that step."""
        self.moment += step
