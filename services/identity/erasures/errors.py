"""What is refused about erasures."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.errors import Conflict


class ErasureBegun(Conflict):
    """What was erased does not come back."""

    code, detail = "erasure_begun", "The erasure has begun and cannot be cancelled."


class OpenObligations(Conflict):
    """Something has to be settled first; the problem lists it."""

    code, detail = "open_obligations", "Something is still open. It has to be settled first."

    def __init__(self, obligations: Sequence[Mapping[str, Any]] = ()) -> None:
        """`obligations`: service, code and count of each."""
        super().__init__()
        self.obligations = [dict(one) for one in obligations]

    def problem(self, trace_id: str | None = None) -> dict[str, Any]:
        """With `obligations`."""
        return super().problem(trace_id) | {"obligations": self.obligations}
