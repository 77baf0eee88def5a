"""What the sandbox answers to every process: how far business time is ahead."""

from shared.peers import Endpoint
from shared.web.http import View


class ClockOffset(View):
    """How far business time is ahead of the machine's."""

    offset_seconds: float


CLOCK = Endpoint("sandbox", "GET", "/internal/clock/", ClockOffset)
"""With `after`, the offset that the caller knows, it waits a moment for another one."""
