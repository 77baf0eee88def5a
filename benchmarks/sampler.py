"""Where a process spends its CPU, by part of the product: a look at the stack every few milliseconds of CPU time."""

import json
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import greenlet

CPU_SECONDS_PER_LOOK = 0.02  # oftener, it would be a part of its own
# Who asked for the work: the first that is found on the stack, from the left.
ASKED_BY = (
    ("sandbox", ("/estuary/sandbox/", "/aiosmtpd/")),
    ("events", ("/shared/messaging/outbox.py", "/shared/messaging/inbox.py")),
    ("jobs", ("/shared/work/jobs.py",)),
    ("sockets", ("/shared/live/sockets.py", "/gateway/sockets.py")),
    ("requests", ("/uvicorn/", "/gateway/")),
)
# What was being done: the innermost frame that one of these knows.
DONE_BY = (
    ("SQL", ("/sqlalchemy/", "/asyncpg/")),
    (
        "HTTP",
        ("/uvicorn/", "/starlette/", "/fastapi/", "/gateway/", "/aiohttp/", "/httpx2/", "/stripe/", "/aiosmtplib/"),
    ),
    ("rules", ("/services/", "/shared/", "/estuary/")),
)


class Sampler:
    """Counts looks by (who asked, what was done), on a timer that runs only while the process computes."""

    def __init__(self, out: Path) -> None:
        """The counts are written to `out` about once a second."""
        self.out, self.counts, self.written = out, Counter[str](), 0.0

    def start(self) -> None:
        """Begins; to be called in the main thread."""
        signal.signal(signal.SIGPROF, self._look)
        signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS_PER_LOOK, CPU_SECONDS_PER_LOOK)

    def _look(self, _: int, frame: FrameType | None) -> None:
        self.counts[part_of(list(_files(frame)))] += 1
        if time.monotonic() - self.written > 1:
            self.written = time.monotonic()
            partial = self.out.with_suffix(".partial")
            partial.write_text(json.dumps(self.counts))
            partial.rename(self.out)


def _files(frame: FrameType | None) -> Iterator[str]:
    """The stack's files from the inside out, through the greenlets in which SQLAlchemy runs."""
    current = greenlet.getcurrent()
    while frame is not None:
        yield frame.f_code.co_filename
        frame = frame.f_back
        if frame is None and current.parent is not None:
            current = current.parent
            frame = current.gr_frame


def part_of(files: list[str]) -> str:
    """`<what> in <whose>` of a stack given from the inside out."""
    asked = next((name for name, places in ASKED_BY if _any(places, files)), "the rest")
    inside_out = (name for file in files for name, places in DONE_BY if _any(places, [file]))
    return f"{next(inside_out, 'loop')} in {asked}"


def _any(places: tuple[str, ...], files: list[str]) -> bool:
    return any(place in file for file in files for place in places)


def read(out: Path) -> Counter[str]:
    """The looks so far, by part."""
    return Counter(json.loads(out.read_text()))
