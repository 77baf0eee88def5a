"""`python -m tests.edge [NAME ..]`: every attack against an instance of its own; exit 1 if others noticed too much."""

import os
import sys

from tests.edge.attacks import ATTACKS
from tests.edge.measure import Figures, measured, public_instance

SECONDS = 3.0
MOST_WAIT, MOST_MEMORY = 100.0, 20.0
HEAD = """| attack | usual wait, ms | worst wait, ms | with waiting for a core | memory, MB | CPU, % | answers |
|---|---|---|---|---|---|---|"""


def main() -> int:
    """The quiet before and after is what the waits are compared with: the machine may have other work."""
    names = sys.argv[1:] or list(ATTACKS)
    with public_instance() as (instance, host):
        measured(instance, host, "unknown_paths", 2.0)  # the first of its kind makes what stays
        cores, load = os.cpu_count(), os.getloadavg()[0]
        print(
            f"One run, {SECONDS:.0f} s each, on {cores} cores with a load of {load:.1f} before it:\n\n{HEAD}",
            flush=True,
        )
        found = [_told(measured(instance, host, name, SECONDS)) for name in ["quiet", *names, "quiet"]]
    quiet = max(one.worst for one in found if one.name == "quiet")
    bad = [one.name for one in found if one.worst > quiet + MOST_WAIT or one.memory > MOST_MEMORY]
    print()
    print(f"others noticed too much of: {', '.join(bad)}" if bad else "nobody waited 100 ms more")
    return bool(bad)


def _told(figures: Figures) -> Figures:
    print(figures.line(), flush=True)
    return figures


if __name__ == "__main__":
    sys.exit(main())
