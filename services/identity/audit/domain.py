"""What is found of an audit log."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found of one log; `broken_at` is the number of the first row that is not as it was sealed."""

    service: str
    rows: int
    redacted: int
    head: str | None
    broken_at: int | None = None
    fault: str = ""
