"""All measurements, one after the other, each in a process of its own."""

import subprocess
import sys

ORDER = (
    "checkouts",
    "gateway",
    "lists",
    "fanout",
    "holds",
    "search",
    "mail",
    "events",
    "scale",
    "availability",
    "audit",
    "tokens",
    "sign_ins",
)


def main() -> None:
    """Runs those that are named, else all; exit code 1 if one of them failed."""
    failed = [name for name in sys.argv[1:] or ORDER if not measured(name)]
    sys.exit(f"failed: {', '.join(failed)}" if failed else 0)


def measured(name: str) -> bool:
    """Runs one; whether it came to its end."""
    print(f"== {name}", flush=True)
    return subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode == 0


if __name__ == "__main__":
    main()
